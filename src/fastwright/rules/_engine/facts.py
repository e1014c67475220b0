"""What the statements of a function do: its calls and where they stand, and what its variables are set to."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from fastwright.project.source import last_name

if TYPE_CHECKING:
    from fastwright.rules._engine.functions import Function
    from fastwright.rules._engine.modules import Module

Kind = Literal["value", "item", "part", "entered", "added"]
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ELSEWHERE = frozenset(
    {"run_in_threadpool", "to_thread", "run_in_executor", "run_sync", "submit", "asyncify", "add_task"}
)
# Calls what it is given once for each item.
EACH = frozenset({"map", "filter"})
_WRAPPED = frozenset({"gather", "wait_for", "shield", "create_task", "ensure_future"})


@dataclass(frozen=True)
class Around:
    """What stands around an expression: outermost first."""

    loops: tuple[ast.AST, ...] = ()
    tries: tuple[ast.Try, ...] = ()
    branches: tuple[tuple[ast.expr, bool], ...] = ()
    awaited: bool = False
    deferred: bool = False
    # Whether it is an argument of a call that runs what it is given elsewhere: in a thread, or later.
    handed: bool = False


@dataclass(frozen=True, eq=False)
class Site:
    """A call in the source. `awaited` is true also for what `asyncio.gather` and its like are given.

    `name` is the last name of what is called, as it is where it is imported from.
    """

    node: ast.Call
    module: Module
    function: Function | None
    around: Around
    name: str = ""

    @property
    def awaited(self) -> bool:
        return self.around.awaited

    @property
    def is_each(self) -> bool:
        """Whether it calls what it is given once for each item: `map(describe, rows)`."""
        return self.name in EACH and isinstance(self.node.func, ast.Name)

    @property
    def loops(self) -> tuple[ast.AST, ...]:
        """The loops in which what it calls is called; `map` is one itself."""
        return (*self.around.loops, self.node) if self.is_each else self.around.loops


@dataclass(frozen=True, eq=False)
class Binding:
    """Something that a variable is set to: a value, an item of what is iterated, a part of what is unpacked."""

    kind: Kind
    value: ast.expr
    line: int
    around: Around
    part: int | None = None
    annotation: ast.expr | None = None


def reaching(bindings: list[Binding], name: ast.Name, *, given: bool = False) -> list[Binding]:
    """Return what a variable may be where it is named: what it was last set to in any case, and what came after.

    One that is `given` to the function may be set to nothing yet.
    """
    before = [one for one in bindings if (one.value.end_lineno or one.line) < name.lineno or one.kind == "item"]
    last = max((one.line for one in before if one.kind == "value" and not _is_conditional(one)), default=0)
    return [one for one in before if one.line >= last] or ([] if given else bindings)


def _is_conditional(one: Binding) -> bool:
    return bool(one.around.branches or one.around.loops)


class Facts:
    """What is found in the statements of a function or of a module."""

    def __init__(self, module: Module, function: Function | None) -> None:
        self.calls: list[Site] = []
        self.bindings: dict[str, list[Binding]] = {}
        self.nodes: dict[type[ast.AST], list[ast.AST]] = {}
        self.raises: list[tuple[ast.Raise, Around]] = []
        self._module = module
        self._function = function
        self._special: dict[type[ast.AST], Callable[[Any, Around], None]] = {
            ast.Call: self._call,
            ast.Await: self._await,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.NamedExpr: self._named,
            **dict.fromkeys((ast.For, ast.AsyncFor), self._for),
            ast.While: self._while,
            **dict.fromkeys(_COMPREHENSIONS, self._comprehension),
            **dict.fromkeys((ast.With, ast.AsyncWith), self._with),
            ast.Try: self._try,
            **dict.fromkeys((ast.If, ast.IfExp), self._if),
            ast.Lambda: self._lambda,
            ast.Raise: self._raise,
            **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), self._definition),
        }

    def read(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self._visit(statement, Around())

    def _visit(self, node: ast.AST, around: Around) -> None:
        self.nodes.setdefault(type(node), []).append(node)
        special = self._special.get(type(node))
        if special is not None:
            special(node, around)
            return
        if around.awaited and isinstance(node, ast.expr) and not isinstance(node, ast.Starred | ast.List | ast.Tuple):
            around = replace(around, awaited=False)
        self._children(node, around)

    def _children(self, node: ast.AST, around: Around) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                self._visit(value, around)
            elif isinstance(value, list):
                for one in value:  # pyright: ignore[reportUnknownVariableType]
                    if isinstance(one, ast.AST):
                        self._visit(one, around)

    def _bind(self, target: ast.expr, kind: Kind, value: ast.expr, around: Around, part: int | None = None) -> None:
        if isinstance(target, ast.Name):
            self.bindings.setdefault(target.id, []).append(Binding(kind, value, target.lineno, around, part))
        elif isinstance(target, ast.Tuple | ast.List):
            for position, one in enumerate(target.elts):
                if kind == "value" and isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                    self._bind(one, "value", value.elts[position], around)
                else:
                    self._bind(one, "part", value, around, position)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, "part", value, around, part)

    def _call(self, node: ast.Call, around: Around) -> None:
        name = last_name(node.func)
        shown = self._module.original(name) if isinstance(node.func, ast.Name) else name
        self.calls.append(Site(node, self._module, self._function, around, shown))
        self._visit(node.func, replace(around, awaited=False))
        for argument in node.args:
            inside = replace(around, awaited=name in _WRAPPED, handed=name in _ELSEWHERE)
            if isinstance(argument, ast.Lambda) and shown in EACH and isinstance(node.func, ast.Name):
                self._visit(argument.body, replace(inside, awaited=False, loops=(*around.loops, node)))
            else:
                self._visit(argument, inside)
        for keyword in node.keywords:
            self._visit(keyword.value, replace(around, awaited=False))

    def _await(self, node: ast.Await, around: Around) -> None:
        self._visit(node.value, replace(around, awaited=True))

    def _assign(self, node: ast.Assign, around: Around) -> None:
        for target in node.targets:
            self._bind(target, "value", node.value, around)
        self._children(node, around)

    def _annotated(self, node: ast.AnnAssign, around: Around) -> None:
        if node.value is not None and isinstance(node.target, ast.Name):
            found = Binding("value", node.value, node.target.lineno, around, annotation=node.annotation)
            self.bindings.setdefault(node.target.id, []).append(found)
        self._children(node, around)

    def _augmented(self, node: ast.AugAssign, around: Around) -> None:
        self._bind(node.target, "added", node.value, around)
        self._children(node, around)

    def _named(self, node: ast.NamedExpr, around: Around) -> None:
        self._bind(node.target, "value", node.value, around)
        self._children(node, around)

    def _for(self, node: ast.For | ast.AsyncFor, around: Around) -> None:
        self._bind(node.target, "item", node.iter, around)
        self._visit(node.iter, replace(around, awaited=isinstance(node, ast.AsyncFor)))
        inside = replace(around, loops=(*around.loops, node))
        for one in node.body:
            self._visit(one, inside)
        for one in node.orelse:
            self._visit(one, around)

    def _while(self, node: ast.While, around: Around) -> None:
        inside = replace(around, loops=(*around.loops, node))
        self._visit(node.test, inside)
        for one in (*node.body, *node.orelse):
            self._visit(one, inside)

    def _comprehension(self, node: ast.AST, around: Around) -> None:
        inside = replace(around, awaited=False)
        for generator in getattr(node, "generators", ()):
            self._bind(generator.target, "item", generator.iter, inside)
            self._visit(generator.iter, inside)
            inside = replace(inside, loops=(*inside.loops, node))
            for condition in generator.ifs:
                self._visit(condition, inside)
        awaited = around.awaited and not isinstance(node, ast.DictComp)
        for name in ("elt", "key", "value"):
            if (value := getattr(node, name, None)) is not None:
                self._visit(value, replace(inside, awaited=awaited))

    def _with(self, node: ast.With | ast.AsyncWith, around: Around) -> None:
        for item in node.items:
            self._visit(item.context_expr, replace(around, awaited=isinstance(node, ast.AsyncWith)))
            if item.optional_vars is not None:
                self._bind(item.optional_vars, "entered", item.context_expr, around)
        for one in node.body:
            self._visit(one, around)

    def _try(self, node: ast.Try, around: Around) -> None:
        inside = replace(around, tries=(*around.tries, node))
        for one in node.body:
            self._visit(one, inside)
        for one in (*node.handlers, *node.orelse, *node.finalbody):
            self._visit(one, around)

    def _if(self, node: ast.If | ast.IfExp, around: Around) -> None:
        self._visit(node.test, replace(around, awaited=False))
        for branch, holds in ((node.body, True), (node.orelse, False)):
            inside = replace(around, branches=(*around.branches, (node.test, holds)))
            for one in branch if isinstance(branch, list) else [branch]:
                self._visit(one, inside)

    def _raise(self, node: ast.Raise, around: Around) -> None:
        self.raises.append((node, around))
        self._children(node, around)

    def _lambda(self, node: ast.Lambda, around: Around) -> None:
        self._visit(node.body, replace(around, deferred=True, awaited=False))

    def _definition(self, node: ast.AST, around: Around) -> None:
        """Leave the body of an inner function or class to itself; its decorators run here."""
        for one in getattr(node, "decorator_list", ()):
            self._visit(one, around)
