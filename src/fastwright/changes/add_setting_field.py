"""Add a field to a class of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field

from fastwright.changes.editing import fields, finding
from fastwright.changes.editing.expressions import meaning, written
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Expression, Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document


class AddSettingField(Operation):
    """`field: type = default`, behind the fields that are there. Without a default, the environment has to set it."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    class_name: str
    field: Identifier
    type: Expression
    default: Expression | None = None
    imports: tuple[Import, ...] = ()

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = finding.class_(document, self.class_name, self.line)
        known = next((item for item in fields.fields(found.site.node) if item.name == self.field), None)
        place = f"{self.file}:{found.site.line}: {self.class_name}"
        if known is not None:
            if self._is_same(document, known):
                return Unchanged(reason=f"{place} has {self.field} already")
            raise document.unfit(
                document.line_of(known.statement), f"{self.field} is there already, and is not the same"
            )
        site = found.surely(lambda rival: any(item.name == self.field for item in fields.fields(rival.node)))
        kind = written(document, self.type, self.imports, site)
        default = written(document, self.default, self.imports, site) if self.default is not None else None
        if not fields.add(document, site, self.field, kind, default):
            return Unchanged(reason=f"{place} is given the same before in this change")
        return Applied(files=(self.file,))

    def _is_same(self, document: Document, known: fields.KnownField) -> bool:
        pairs = ((known.kind, self.type), (known.default, self.default))
        return all(
            (found is None and wanted is None)
            or (found is not None and wanted is not None and self._means(document, found, wanted))
            for found, wanted in pairs
        )

    def _means(self, document: Document, found: cst.BaseExpression, wanted: str) -> bool:
        return meaning(document, found) == meaning(document, wanted, self.imports)

    def explain(self) -> str:
        default = "" if self.default is None else f" = {self.default}"
        return f"add `{self.field}: {self.type}{default}` to {self.class_name} in {self.file}"
