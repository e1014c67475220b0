"""A function or method of the project, with what its signature says and what its body does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from fastwright.rules._engine.facts import Facts, Site

if TYPE_CHECKING:
    from fastwright.rules._engine.modules import Class, Module

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_RECEIVERS = frozenset({"self", "cls", "this", "klass", "mcs", "_self", "_cls", "_"})

_Node = TypeVar("_Node", bound=ast.AST)


@dataclass(eq=False)
class Function:
    """A function or method of the project; `owner` is its class, `outer` the function that it is defined in."""

    module: Module
    node: FunctionNode
    qualname: str
    owner: Class | None = None
    outer: Function | None = None
    inner: list[Function] = field(default_factory=list["Function"])

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def is_async(self) -> bool:
        return isinstance(self.node, ast.AsyncFunctionDef)

    @cached_property
    def first_line(self) -> int:
        """The line of the first decorator, or of the `def`."""
        return min([self.node.lineno, *(one.lineno for one in self.node.decorator_list)])

    @cached_property
    def last_header_line(self) -> int:
        """The last line of the signature."""
        return max(self.node.lineno, self.node.body[0].lineno - 1)

    @cached_property
    def parameters(self) -> dict[str, ast.arg]:
        """The parameters by name, in order; `self` and `cls` are left out."""
        arguments = self.node.args
        found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        return {one.arg: one for one in found[1 if self.is_bound else 0 :]}

    @cached_property
    def is_bound(self) -> bool:
        """Whether the first parameter is the instance or the class.

        Without a decorator the name tells: of `def find(session, slug)`, `Service.find(session, slug)` is the call.
        """
        if self.owner is None or "staticmethod" in self.decorators:
            return False
        first = next(iter([*self.node.args.posonlyargs, *self.node.args.args]), None)
        return bool(self.decorators) or (first is not None and first.arg in _RECEIVERS)

    @cached_property
    def decorators(self) -> frozenset[str]:
        """The last names of the decorators."""
        found: set[str] = set()
        for one in self.node.decorator_list:
            target = one.func if isinstance(one, ast.Call) else one
            found.add(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
        return frozenset(found)

    @cached_property
    def defaults(self) -> dict[str, ast.expr]:
        """The defaults of the parameters that have one."""
        arguments = self.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        given = dict(zip([one.arg for one in positional[::-1]], arguments.defaults[::-1], strict=False))
        named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        return given | {one.arg: default for one, default in named if default is not None}

    @cached_property
    def facts(self) -> Facts:
        """What its body does; functions inside it are left to themselves."""
        facts = Facts(self.module, self)
        facts.read(self.node.body)
        return facts

    @property
    def calls(self) -> list[Site]:
        return self.facts.calls

    def nodes(self, kind: type[_Node]) -> Iterator[_Node]:
        """Yield the nodes of a kind in its body, in order."""
        yield from (node for node in self.facts.nodes.get(kind, ()) if isinstance(node, kind))

    @cached_property
    def returned(self) -> list[ast.expr]:
        """What it returns, or yields if it is a generator."""
        yields = [*self.nodes(ast.Yield), *self.nodes(ast.YieldFrom)]
        return [node.value for node in (yields or self.nodes(ast.Return)) if node.value is not None]

    @cached_property
    def is_generator(self) -> bool:
        return bool(self.facts.nodes.get(ast.Yield) or self.facts.nodes.get(ast.YieldFrom))
