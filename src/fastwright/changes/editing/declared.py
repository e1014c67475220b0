"""Find where a class declares a field, or a function a parameter, by the name of its owner, its own and its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import ClassSite, FunctionSite
from fastwright.changes.editing.names import all_parameters

Node = cst.AnnAssign | cst.Param


@dataclass(frozen=True, eq=False)
class Declared:
    """A field or a parameter with its annotation, and what it is preset with."""

    site: ClassSite | FunctionSite
    node: Node
    line: int

    @property
    def annotation(self) -> cst.BaseExpression | None:
        return self.node.annotation.annotation if self.node.annotation else None

    @property
    def value(self) -> cst.BaseExpression | None:
        return self.node.value if isinstance(self.node, cst.AnnAssign) else self.node.default


def declared(document: Document, owner: str, name: str, line: int, is_done: Callable[[Declared], bool]) -> Declared:
    """Return the declaration of `owner.name`; of several, that at the line. Raises `Unfit` where that is not clear.

    An edit that was made before moves lines, so one that is done already and may be the one that was meant is a doubt.
    """
    known = [one for one in _all(document, owner) if _name(one.node) == name]
    if not known:
        raise document.unfit(line, f"{owner} declares no {name} in this file")
    exact = [one for one in known if one.line == line]
    if len(known) == 1:
        return known[0]
    if len(exact) != 1 or any(is_done(one) for one in known if one not in exact):
        lines = ", ".join(str(one.line) for one in known)
        raise document.unfit(line, f"{owner}.{name} is declared several times, in lines {lines}", "do it by hand")
    return exact[0]


def _all(document: Document, owner: str) -> Iterator[Declared]:
    for site in document.index.classes:
        if _is_called(site.name, owner):
            for statement in site.node.body.body:
                for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
                    if isinstance(small, cst.AnnAssign):
                        yield Declared(site, small, document.line_of(small))
    for function in document.index.functions:
        # A class that is called, as a dependency, has the parameters of its `__init__`.
        if _is_called(function.name, owner) or _is_called(function.name, f"{owner}.__init__"):
            for parameter in all_parameters(function.node.params):
                yield Declared(function, parameter, document.line_of(parameter))


def _is_called(qualified: str, name: str) -> bool:
    return qualified == name or qualified.endswith(f".{name}")


def _name(node: Node) -> str:
    target = node.target if isinstance(node, cst.AnnAssign) else node.name
    return target.value if isinstance(target, cst.Name) else ""
