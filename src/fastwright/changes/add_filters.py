"""Narrow a list by what callers ask for: an endpoint takes optional parameters, and its statement has conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import libcst as cst
from pydantic import BaseModel, ConfigDict, Field

from fastwright.changes.editing import executing, frames, models, signatures
from fastwright.changes.editing.frames import Frame
from fastwright.changes.editing.names import all_parameters
from fastwright.changes.editing.narrowing import Condition, narrow
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.placed import PlacedOperation
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier, Import, ModuleName

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.executing import Execution
    from fastwright.changes.editing.index import FunctionSite


class Filter(BaseModel):
    """A parameter, the type of its value, and the attribute of a model that is compared with it.

    Where the type is a class, `type_import` is where that is from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parameter: Identifier
    type: str
    type_import: Import | None = None
    module: ModuleName
    model: Identifier
    attribute: Identifier
    compares: Literal["==", ">=", "<="] = "=="


class AddFilters(PlacedOperation):
    """Optional parameters of the endpoint, down to the statement, which has a condition for each that is given.

    The place is that of the execution; `calls` lead from there up to the endpoint, which is the function of the last,
    or of the execution itself. A limit comes after the conditions.
    """

    calls: tuple[Frame, ...] = ()
    filters: tuple[Filter, ...] = Field(min_length=1)

    def plan(self, tree: Tree) -> Applied | Unchanged:
        place = self.frame
        around = [(tree.document(frame.file), frame) for frame in (place, *self.calls)]
        endpoint = frames.function(*around[-1])
        known = {parameter.name.value for parameter in all_parameters(endpoint.node.params)}
        if known.issuperset(one.parameter for one in self.filters):
            return Unchanged(reason=f"{around[-1][1].file}:{endpoint.line}: {endpoint.name} has these filters already")
        document = around[0][0]
        found = executing.execution(document, frames.site(document, place))
        if found.form == "get":
            raise document.unfit(found.site.line, "one row is read here, and no list")
        conditions = [self._condition(document, found, one) for one in self.filters]
        for caller, frame in around:
            self._add_parameters(caller, frames.function(caller, frame))
        self._pass_on(around[1:])
        if not narrow(document, found, conditions):
            return Unchanged(reason=f"{self.file}:{self.line}: the same was asked for before in this change")
        return Applied(files=tuple(dict.fromkeys(frame.file for _document, frame in around)))

    def _condition(self, document: Document, found: Execution, one: Filter) -> Condition:
        owner = models.named(document, Import(module=one.module, name=one.model), found.site)
        return Condition(one.parameter, f"{owner}.{one.attribute} {one.compares} {one.parameter}")

    def _add_parameters(self, document: Document, site: FunctionSite) -> None:
        for one in self.filters:
            imports = () if one.type_import is None else (one.type_import,)
            new = signatures.parameter(
                document, site, name=one.parameter, kind=f"{one.type} | None", default="None", imports=imports
            )
            signatures.add(document, site, new)

    def _pass_on(self, callers: list[tuple[Document, Frame]]) -> None:
        for caller, frame in callers:
            values: dict[str, cst.BaseExpression] = {one.parameter: cst.Name(one.parameter) for one in self.filters}
            frames.pass_on(caller, frames.site(caller, frame), values)

    def explain(self) -> str:
        endpoint = self.calls[-1].function if self.calls else self.function
        return f"let callers of {endpoint or 'the endpoint'} ask by {', '.join(one.parameter for one in self.filters)}"
