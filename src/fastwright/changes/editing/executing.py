"""Find where a statement is executed, by the place that the interpreter gives for it, and the statement in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import libcst as cst
from libcst.metadata import CodeRange

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.encoded import column_in_text
from fastwright.changes.editing.index import Scope, Site
from fastwright.changes.editing.names import all_parameters
from fastwright.changes.editing.statements import Traced, called, traced

_TAKING_A_STATEMENT = frozenset({"scalars", "scalar", "execute", "exec", "stream", "stream_scalars"})
_BY_KEY = frozenset({"get", "get_one"})
_OF_A_QUERY = frozenset({"all", "first", "one", "one_or_none", "scalar", "get", "yield_per", "paginate"})
_ITERATING = frozenset({"list", "tuple", "set", "sorted", "enumerate", "iter"})
_COMPREHENSIONS = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
# By exact type: a file has tens of thousands of nodes, and asking an abstract class takes long.
_NODES = frozenset(
    {cst.Call, cst.Await, cst.For, cst.Subscript, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp}
)
_SCOPES = frozenset({cst.FunctionDef, cst.ClassDef})


@dataclass(frozen=True)
class Place:
    """A node by its range, as the interpreter counts: columns in bytes, from 0. Without them, they are -1."""

    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def is_exact(self) -> bool:
        return self.column >= 0 and self.end_column >= 0


@dataclass(frozen=True, eq=False)
class Evaluated(Site):
    """A node that can be what a frame was evaluating."""

    node: cst.CSTNode
    range: CodeRange


@dataclass(frozen=True, eq=False)
class Execution:
    """A statement being executed: `node` is the statement or the query itself, or the whole call of `get`."""

    site: Evaluated
    form: Literal["statement", "query", "get"]
    node: cst.BaseExpression
    begun: Traced


def at(document: Document, place: Place, sites: Iterable[Evaluated]) -> list[Evaluated]:
    """Return the nodes at a place; of a chain over several lines, the interpreter names its last link only."""
    return [site for site in sites if _is_at(document, site, place)]


def all_evaluated(document: Document) -> list[Evaluated]:
    """Return every node of the file that could execute a statement."""
    search = _Search(document)
    document.module.visit(search)
    return search.found


def execution(document: Document, site: Evaluated) -> Execution:
    """Return the statement that a node executes. Raises `Unfit` where it is not written there."""
    node = _awaited(site.node)
    if (iterated := _iterated(node)) is not None:
        return _execution(document, site, "query", iterated)
    if isinstance(node, cst.Call):
        if called(node) in _BY_KEY and len(node.args) > 1:
            return Execution(site, "get", node, Traced((node,)))
        if isinstance(node.func, cst.Attribute) and (found := _of_method(document, site, node, node.func.value)):
            return found
    return passed(document, site)


def _iterated(node: cst.CSTNode) -> cst.BaseExpression | None:
    """Return the query that runs since something goes through it, or takes a slice of it."""
    if isinstance(node, cst.For):
        return node.iter
    if isinstance(node, _COMPREHENSIONS):
        return node.for_in.iter
    if isinstance(node, cst.Subscript):
        return node.value
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in _ITERATING:
        return next((arg.value for arg in node.args if not arg.star), None)
    return None


def passed(document: Document, site: Evaluated) -> Execution:
    """Return the one statement that is passed to a function. Raises `Unfit` if there is none, or are several."""
    node = _awaited(site.node)
    given = [arg.value for arg in node.args if not arg.star] if isinstance(node, cst.Call) else []
    begun = [(value, found) for value in given if (found := _traced(document, site, value)).roots]
    if len(begun) != 1:
        raise document.unfit(site.line, "the statement is not written here, nor in a variable of this function")
    value, found = begun[0]
    is_query = any(called(root) == "query" for root in found.roots)
    return Execution(site, "query" if is_query else "statement", value, found)


def _of_method(document: Document, site: Evaluated, node: cst.Call, owner: cst.BaseExpression) -> Execution | None:
    name, given = called(node), [arg for arg in node.args if not arg.star]
    begun = _traced(document, site, owner)
    if name in _OF_A_QUERY and (begun.roots or not given):
        return _execution(document, site, "query", owner)
    if any(called(root) == "query" for root in begun.roots):
        return _execution(document, site, "query", node)
    if name in _TAKING_A_STATEMENT and given:
        first = next((arg for arg in given if arg.keyword and arg.keyword.value == "statement"), given[0])
        return _execution(document, site, "statement", first.value)
    return None


def _execution(
    document: Document, site: Evaluated, form: Literal["statement", "query"], node: cst.BaseExpression
) -> Execution:
    begun = _traced(document, site, node)
    if isinstance(node, cst.BaseString):
        raise document.unfit(site.line, "the statement is text, and makes no objects")
    if begun.is_given:
        why = "the statement is a parameter here: other callers pass other ones"
        raise document.unfit(site.line, why, "edit the statement where it is passed")
    return Execution(site, form, node, begun)


def _awaited(node: cst.CSTNode) -> cst.CSTNode:
    while isinstance(node, cst.Await):
        node = node.expression
    return node


def _traced(document: Document, site: Evaluated, node: cst.BaseExpression) -> Traced:
    return traced(node, site.scopes, document.module)


def is_inside(site: Site, function: str) -> bool:
    """Return whether a place is in a function, as a frame names it; comprehensions and lambdas are part of theirs."""
    name = function.replace(".<locals>", "").partition(".<")[0]
    around = ".".join(scope.name.value for scope in site.scopes)
    return not name or name.startswith("<") or around == name or around.endswith(f".{name}")


def parameters_around(site: Site) -> frozenset[str]:
    """Return the parameters of the functions around a place."""
    functions = (scope for scope in site.scopes if isinstance(scope, cst.FunctionDef))
    return frozenset(parameter.name.value for scope in functions for parameter in all_parameters(scope.params))


def _is_at(document: Document, site: Evaluated, place: Place) -> bool:
    start, end = site.range.start, site.range.end
    if not place.is_exact:
        return start.line <= place.line <= end.line and isinstance(site.node, cst.Call)
    text = document.source.text
    wanted = place.line, column_in_text(text, place.line, place.column)
    wanted_end = place.end_line, column_in_text(text, place.end_line, place.end_column)
    return (end.line, end.column) == wanted_end and wanted in _starts(document, site)


def _starts(document: Document, site: Evaluated) -> Iterator[tuple[int, int]]:
    start = site.range.start
    yield start.line, start.column
    if isinstance(site.node, cst.Call) and isinstance(site.node.func, cst.Attribute):
        name = document.range_of(site.node.func.attr).start
        yield name.line, name.column


class _Search(cst.CSTVisitor):
    """Collects the nodes that can execute something, with what is around them."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.found: list[Evaluated] = []
        self._document = document
        self._tops: dict[cst.CSTNode, int] = {node: number for number, node in enumerate(document.module.body)}
        self._top = -1
        self._scopes: list[Scope] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._top = self._tops.get(node, self._top)
        if type(node) in _NODES:
            where = self._document.range_of(node)
            self.found.append(
                Evaluated(where.start.line, where.start.column, tuple(self._scopes), self._top, node, where)
            )
        if type(node) in _SCOPES and isinstance(node, Scope):
            self._scopes.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if type(original_node) in _SCOPES:
            self._scopes.pop()
