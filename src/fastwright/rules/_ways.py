"""All that is called while requests are served: for endpoints, and by functions to which no endpoint leads."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.rules._rule import Bound, Called, Function, Module, Route, View
from fastwright.rules._words import WORKERS, words

_BESIDE: WeakKeyDictionary[View, list[Called]] = WeakKeyDictionary()
_LOOPS = (ast.For, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# How functions are called, and decorated, with which an app starts, or which somebody runs by hand.
_STARTING = frozenset(
    {"startup", "shutdown", "lifespan", "init", "initialize", "initial", "setup", "bootstrap", "main", "warm", "warmup"}
    | {"seed", "seeds", "seeder", "populate", "migrate", "migration", "migrations", "backfill", "fixtures"}
)
_WAITING = frozenset({"sqlite3", "time", "subprocess", "hashlib", "urllib", "smtplib", "shutil", "socket", "asyncio"})
# Where those are kept.
_BY_HAND = frozenset({"scripts", "commands", "cli", "management", "seeds", "fixtures", "migrations", "alembic"})
# And those that another process runs, which takes work from a queue.
_EVENTS = frozenset(
    {"on_event", "asynccontextmanager", "contextmanager", "command", "callback", "periodic_task"} | WORKERS
)


def ways(view: View) -> Iterator[tuple[Route | None, Called]]:
    """Yield the calls that are made for every endpoint, and then those that may be made for a request without one.

    That is what frameworks call (a middleware, a resolver, the back end of an admin panel), and what is called on an
    object of which it is not known what it is. What only runs when the app starts is not among them.
    """
    for route in view.routes:
        yield from ((route, call) for call in view.calls(route))
    if view not in _BESIDE:
        _BESIDE[view] = list(_beside(view))
    yield from ((None, call) for call in _BESIDE[view])


def _beside(view: View) -> Iterator[Called]:
    served = (one for one in view.modules if one not in view.scripts and _may_serve(one))
    functions = [one for module in served for one in module.functions if id(one) not in view.running]
    seen = set(view.running)
    for function in (*filter(_is_starting, functions), *_at_import(view)):
        seen |= {id(one.function) for one in view.follow(function)}
    for function in functions:
        # What neither waits on the event loop nor does something for each of many is of no interest here.
        if id(function) not in seen and (function.is_async or any(kind in function.facts.nodes for kind in _LOOPS)):
            reached = view.follow(function)
            seen |= {id(one.function) for one in reached}
            for one in reached:
                yield from view.calls_within(one)


def _may_serve(module: Module) -> bool:
    """Look first at what a module imports: one that knows the standard library alone serves nobody."""
    packages = {dotted.lstrip(".").partition(".")[0] for dotted, _name in module.imports.values()} | set(module.stars)
    return not packages <= sys.stdlib_module_names - _WAITING and not _BY_HAND & set(module.path.split("/"))


def _is_starting(function: Function) -> bool:
    return bool(_STARTING & set(words(function.name)) or function.decorators & _EVENTS)


def _at_import(view: View) -> Iterator[Function]:
    """Yield the functions that modules call when they are imported."""
    for module in view.modules:
        for site in module.facts.calls:
            value = view.value(site.node.func, view.scope(module))
            if isinstance(value, Bound):
                yield value.function
