"""Say in `Annotated[...]` where a parameter is read from: `ids: Annotated[list[int], Query()]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field

from fastwright.changes.editing.declared import Declared, declared
from fastwright.changes.editing.expressions import meaning, written
from fastwright.changes.editing.index import FunctionSite
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import DottedName, Expression, Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document

_ANNOTATED = Import(module="typing", name="Annotated")


class AnnotateParameter(Operation):
    """`marker` is what is added: `Query()`, `Body(embed=True)`."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    function: DottedName
    parameter: Identifier
    marker: Expression
    imports: tuple[Import, ...] = ()

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = declared(document, self.function, self.parameter, self.line, lambda one: self._is_done(document, one))
        place = f"{self.function}({self.parameter})"
        if self._is_done(document, found):
            return Unchanged(reason=f"{self.file}:{found.line}: {place} is annotated with {self.marker} already")
        if not isinstance(found.site, FunctionSite) or found.annotation is None:
            raise document.unfit(found.line, f"{place} has no type", "annotate it by hand")
        code = document.code(found.annotation)
        text = f"Annotated[{code}, {self.marker}]"
        new = written(document, text, (*self.imports, _ANNOTATED), found.site)
        document.edit(found.annotation, f"annotate {self.parameter}", lambda _node: new)
        return Applied(files=(self.file,))

    def _is_done(self, document: Document, found: Declared) -> bool:
        wanted = meaning(document, self.marker, self.imports)
        elements = found.annotation.slice[1:] if isinstance(found.annotation, cst.Subscript) else ()
        return any(
            isinstance(one.slice, cst.Index) and meaning(document, one.slice.value) == wanted for one in elements
        )

    def explain(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"annotate the parameter {self.parameter} of {self.function} in {place} with {self.marker}"
