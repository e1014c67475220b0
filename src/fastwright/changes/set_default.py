"""Give a field or a parameter a default, so that it may be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from fastwright.changes.editing import presets
from fastwright.changes.editing.declared import Declared, declared
from fastwright.changes.editing.index import FunctionSite
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import DottedName, Expression, Identifier

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document


class SetDefault(Operation):
    """`owner` is the class that declares the field, or the function that has the parameter."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    owner: DottedName
    name: Identifier
    default: Expression

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)

        def is_done(known: Declared) -> bool:
            preset = presets.preset(known.value)
            return preset is not None and document.code(preset) == self.default

        found = declared(document, self.owner, self.name, self.line, is_done)
        place = f"{self.owner}.{self.name}"
        if is_done(found):
            return Unchanged(reason=f"{self.file}:{found.line}: {place} has the default {self.default} already")
        if presets.preset(found.value) is not None:
            raise document.unfit(found.line, f"{place} has another default", "change it by hand")
        self._write(document, found)
        return Applied(files=(self.file,))

    def _write(self, document: Document, found: Declared) -> None:
        key = f"default of {self.name}"
        if (call := presets.description(found.value)) is not None:
            document.edit(call, key, lambda node: presets.described_with(node, self.default))
        elif isinstance(found.site, FunctionSite):
            document.edit(found.site.node, key, lambda node: presets.with_default(node, self.name, self.default))
        else:
            presets.check_order(document, found)
            document.edit(found.node, key, lambda node: presets.assigned(node, self.default))

    def explain(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"give {self.owner}.{self.name} in {place} the default {self.default}"
