"""What is called from an endpoint: its own body, its dependencies, and all of the project that these call."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fastwright.project.source import last_name
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.facts import EACH, Site
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import Bound, Instance, Scope, Value, library

Root = Literal["endpoint", "dependency"]
_DEPTH = 10
_MOST = 600
# Of a function that is called from many places, so many of them tell all that there is to know; but not of one that
# makes few calls itself, such as a helper that runs the statement that it is given.
_TIMES = 4
_FEW = 6
# Runs what it is given in a thread, where blocking is no harm.
_THREADS = frozenset({"run_in_threadpool", "to_thread", "run_in_executor", "run_sync", "submit", "asyncify"})
_LATER = frozenset({"add_task"})
_RUNNING = _THREADS | _LATER | EACH | {"partial"}
_SESSION_SYNC = "run_sync"


@dataclass(frozen=True, eq=False)
class Reached:
    """A function on the way from an endpoint, with the calls that lead to it, the first one first.

    `loops` says that it is called once for each of something; `threaded` and `later` that it runs in a thread, and
    after the response.
    """

    function: Function
    scope: Scope
    root: Root
    way: tuple[Site, ...] = ()
    # Where each call of the way is read.
    scopes: tuple[Scope, ...] = ()
    threaded: bool = False
    later: bool = False
    looped: bool = False
    caught: tuple[ast.Try, ...] = ()
    is_async: bool = False

    @property
    def depth(self) -> int:
        return len(self.way)


@dataclass(frozen=True, eq=False)
class Called:
    """A call on the way from an endpoint. `path` is the dotted path of what a library calls it, or empty."""

    site: Site
    within: Reached
    value: Value | None
    path: str
    name: str

    @property
    def node(self) -> ast.Call:
        return self.site.node

    @property
    def scope(self) -> Scope:
        return self.within.scope

    @property
    def looped(self) -> bool:
        return self.within.looped or bool(self.site.around.loops)

    @property
    def sites(self) -> tuple[Site, ...]:
        """The calls that lead to it from the endpoint, the last one is its own."""
        return (*self.within.way, self.site)

    @property
    def on_loop(self) -> Site:
        """The last call on the way that stands in an `async def`: what it leads to runs on the event loop."""
        return next((one for one in reversed(self.sites) if one.function and one.function.is_async), self.site)

    @property
    def place(self) -> str:
        """Where it stands, to be said of a call that leads to it; of one that an endpoint makes itself it is known."""
        function = self.site.function
        return f" (in `{function.qualname}`, {function.module.path})" if self.within.way and function else ""

    @property
    def is_deferred(self) -> bool:
        """Whether it is in a lambda, or is called from one: it runs where that is called, often in a thread."""
        return any(site.around.deferred for site in self.sites)


class Follower:
    """Follows calls, and remembers what was reached from where."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._calls: dict[int, list[Called]] = {}

    def reached(self, starts: list[tuple[Function, Root, Value | None]]) -> list[Reached]:
        """Return every function that is reached from these; one that is called from two places is there twice."""
        waiting = [self._start(function, root, me) for function, root, me in starts]
        found: list[Reached] = []
        seen: set[tuple[int, int]] = set()
        times: Counter[int] = Counter()
        while waiting and len(found) < _MOST:
            one = waiting.pop(0)
            found.append(one)
            for further in self._further(one):
                key = (id(further.function), id(further.way[-1]))
                if key not in seen and times[key[0]] < (_TIMES if len(further.function.calls) > _FEW else _MOST):
                    seen.add(key)
                    times[key[0]] += 1
                    waiting.append(further)
        return found

    def calls(self, within: Reached) -> list[Called]:
        """Return the calls of a function, each with what it calls."""
        known = self._calls.get(id(within))
        if known is None:
            known = [self._called(site, within) for site in within.function.calls]
            self._calls[id(within)] = known
        return known

    def _start(self, function: Function, root: Root, me: Value | None) -> Reached:
        scope = self._evaluator.scope(function)
        if me is not None:
            scope = Scope(scope.module, function, me)
        return Reached(function, scope, root, is_async=function.is_async, threaded=not function.is_async)

    def _called(self, site: Site, within: Reached) -> Called:
        scope = within.scope if _is_local(site.node.func, within.function) else self._evaluator.scope(within.function)
        value = self._evaluator.evaluate(site.node.func, scope)
        wrapped = self._evaluator.wrapped(value)
        if wrapped is not None:
            path = library(wrapped)
            return Called(site, within, wrapped, path, path.rpartition(".")[2] or site.name)
        return Called(site, within, value, library(value), site.name)

    def _further(self, within: Reached) -> Iterator[Reached]:
        if within.depth >= _DEPTH:
            return
        for call in self.calls(within):
            for target in self._targets(call):
                scope = self._evaluator.bind(target, call.node, call.scope)
                yield self._step(call, target, scope, threaded=within.threaded, later=within.later)
            yield from self._handed_over(call)

    def _handed_over(self, call: Called) -> Iterator[Reached]:
        """Yield the functions that are given to something that runs them, in a thread or later."""
        if call.name not in _THREADS | _LATER | EACH | {"partial"} or (
            call.name == "partial" and call.site.around.handed
        ):
            return
        for position, argument in enumerate(call.node.args):
            handed = ast.Call(func=argument, args=call.node.args[position + 1 :], keywords=call.node.keywords)
            if isinstance(argument, ast.Call) and last_name(argument.func) == "partial" and argument.args:
                handed = ast.Call(func=argument.args[0], args=argument.args[1:], keywords=argument.keywords)
            value = self._evaluator.evaluate(handed.func, call.scope)
            if isinstance(value, Bound):
                scope = self._evaluator.bind(value, handed, call.scope)
                # What comes after the response runs in a thread, too, unless it is a coroutine.
                is_plain = call.name in _LATER and not value.function.is_async
                threaded = call.within.threaded or is_plain or call.name in _THREADS - {_SESSION_SYNC}
                threaded = threaded or "thread" in call.path
                yield self._step(call, value, scope, threaded=threaded, later=call.within.later or call.name in _LATER)
                return

    def _targets(self, call: Called) -> Iterator[Bound]:
        value = call.value
        if isinstance(value, Class):
            value = self._evaluator.member(Instance(value, (call.node, call.scope)), "__init__")
        elif isinstance(value, Instance):
            value = self._evaluator.member(value, "__call__") if isinstance(value.of, Class) else None
        elif value is None and isinstance(call.node.func, ast.Attribute):
            method = self._evaluator.index.only_method(call.node.func.attr)
            value = Bound(method, Instance(method.owner)) if method is not None and method.owner is not None else None
        if isinstance(value, Bound):
            yield value

    def _step(self, call: Called, target: Bound, scope: Scope, *, threaded: bool, later: bool) -> Reached:
        within = call.within
        return Reached(
            target.function,
            scope,
            within.root,
            (*within.way, call.site),
            (*within.scopes, within.scope),
            threaded=threaded,
            later=later,
            looped=call.looped or call.site.is_each,
            caught=(*within.caught, *call.site.around.tries),
            is_async=target.function.is_async,
        )


def _is_local(node: ast.expr, function: Function) -> bool:
    """Tell what depends on how a function is called: its parameters and variables; what is global does not."""
    while isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name) or function.outer is not None or function.is_bound:
        return True
    return node.id in function.parameters or node.id in function.facts.bindings
