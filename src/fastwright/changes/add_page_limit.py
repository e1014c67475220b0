"""Bound a list that gives everything there is: an endpoint takes a limit and an offset, and its statement has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import libcst as cst
from pydantic import BaseModel, ConfigDict, Field

from fastwright.changes.editing import executing, frames, models, signatures
from fastwright.changes.editing.frames import Frame
from fastwright.changes.editing.loading import with_link
from fastwright.changes.editing.names import all_parameters
from fastwright.changes.editing.objects import argument
from fastwright.changes.editing.sequences import call_with
from fastwright.changes.editing.statements import called, chain
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.placed import PlacedOperation
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier, Import, ModuleName

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import FunctionSite

_NAMES = ("limit", "offset")
_PAGES = frozenset({*_NAMES, "skip", "page", "size", "page_size", "per_page", "cursor"})
_QUERY = Import(module="fastapi", name="Query")
_ANNOTATED = Import(module="typing", name="Annotated")


class Order(BaseModel):
    """An attribute that gives pages an order, where the statement has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: ModuleName
    model: Identifier
    attribute: Identifier


class AddPageLimit(PlacedOperation):
    """`limit` and `offset` as parameters of the endpoint, down to the statement that reads the list.

    The place is that of the execution; `calls` lead from there up to the endpoint, which is the function of the last,
    or of the execution itself. Without an order of its own, the statement gets that of `order`.
    """

    calls: tuple[Frame, ...] = ()
    order: tuple[Order, ...] = ()
    style: Literal["annotated", "default"] = "annotated"
    default: int = Field(default=50, ge=1)
    largest: int = Field(default=100, ge=1)

    def plan(self, tree: Tree) -> Applied | Unchanged:
        place = self.frame
        around = [(tree.document(frame.file), frame) for frame in (place, *self.calls)]
        endpoint = frames.function(*around[-1])
        if {parameter.name.value for parameter in all_parameters(endpoint.node.params)}.issuperset(_NAMES):
            return Unchanged(reason=f"{around[-1][1].file}:{endpoint.line}: {endpoint.name} has a limit already")
        document = around[0][0]
        found = executing.execution(document, frames.site(document, place))
        self._check(document, found)
        for caller, frame in around:
            self._add_parameters(caller, frames.function(caller, frame), is_endpoint=frame is around[-1][1])
        for caller, frame in around[1:]:
            frames.pass_on(caller, frames.site(caller, frame), {name: cst.Name(name) for name in _NAMES})
        if not document.edit(found.node, "page", self._bounded(document, found)):
            return Unchanged(reason=f"{self.file}:{self.line}: the same was asked for before in this change")
        return Applied(files=tuple(dict.fromkeys(frame.file for _document, frame in around)))

    def _check(self, document: Document, found: executing.Execution) -> None:
        if found.form == "get":
            raise document.unfit(found.site.line, "one row is read here, and no list")
        links = [called(call) for call in chain(found.node)[0]]
        if {"limit", "slice"}.intersection(links):
            raise document.unfit(found.site.line, "the statement has a limit of its own already")

    def _add_parameters(self, document: Document, site: FunctionSite, *, is_endpoint: bool) -> None:
        known = {parameter.name.value for parameter in all_parameters(site.node.params)} & _PAGES
        if known:
            why = f"{site.name} has a parameter {min(known)} already"
            raise document.unfit(site.line, why, f"pass it to the statement at {self.file}:{self.line}")
        bounds = {"limit": (str(self.default), f"ge=1, le={self.largest}"), "offset": ("0", "ge=0")}
        for name, (default, bound) in bounds.items():
            if not is_endpoint:
                kind, preset, imports = "int | None", "None", ()
            elif self.style == "annotated":
                kind, preset, imports = f"Annotated[int, Query({bound})]", default, (_ANNOTATED, _QUERY)
            else:
                kind, preset, imports = "int", f"Query({default}, {bound})", (_QUERY,)
            new = signatures.parameter(document, site, name=name, kind=kind, default=preset, imports=imports)
            signatures.add(document, site, new)

    def _bounded(self, document: Document, found: executing.Execution) -> Any:
        """Return the change that gives a statement its order, its limit and its offset."""
        order: list[cst.Arg] = []
        if found.begun.roots and not _is_ordered(document, found):
            for one in self.order:
                owner = models.named(document, Import(module=one.module, name=one.model), found.site)
                order.append(argument("", cst.parse_expression(f"{owner}.{one.attribute}")))

        def change(statement: cst.BaseExpression) -> cst.BaseExpression:
            for number, arg in enumerate(order):
                statement = with_link(statement, "order_by", arg) if not number else _and(statement, arg)
            for name in _NAMES:
                statement = with_link(statement, name, argument("", cst.Name(name)))
            return statement

        return change

    def explain(self) -> str:
        endpoint = self.calls[-1].function if self.calls else self.function
        return f"give {endpoint or 'the endpoint'} a limit of {self.default}, {self.largest} at most, and an offset"


def _is_ordered(document: Document, found: executing.Execution) -> bool:
    """Return whether the statement has an order, there or where its function has put it together."""
    function = next((scope for scope in reversed(found.site.scopes) if isinstance(scope, cst.FunctionDef)), found.node)
    return ".order_by(" in document.code(function)


def _and(statement: cst.BaseExpression, arg: cst.Arg) -> cst.BaseExpression:
    return call_with(cst.ensure_type(statement, cst.Call), arg)
