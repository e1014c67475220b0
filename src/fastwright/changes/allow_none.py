"""Let the type of a field or a parameter allow `None`, too: `str` becomes `str | None`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field

from fastwright.changes.editing.declared import Declared, declared
from fastwright.changes.editing.expressions import written
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import DottedName, Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document

_OPTIONAL = Import(module="typing", name="Optional")


class AllowNone(Operation):
    """A file that writes `Optional[...]` gets that; the others get `| None`."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    owner: DottedName
    name: Identifier

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = declared(document, self.owner, self.name, self.line, lambda one: _allows_none(document, one))
        place = f"{self.file}:{found.line}: {self.owner}.{self.name}"
        if _allows_none(document, found):
            return Unchanged(reason=f"{place} may be None already")
        if found.annotation is None or isinstance(found.annotation, cst.SimpleString | cst.ConcatenatedString):
            raise document.unfit(
                found.line, f"the type of {self.owner}.{self.name} cannot be read", "change it by hand"
            )
        new = self._widened(document, found, document.code(found.annotation))
        document.edit(found.annotation, f"allow None for {self.name}", lambda _node: new)
        return Applied(files=(self.file,))

    def _widened(self, document: Document, found: Declared, code: str) -> cst.BaseExpression:
        if "Optional[" in document.source.text:
            return written(document, f"Optional[{code}]", (_OPTIONAL,), found.site)
        return written(document, f"{code} | None", (), found.site)

    def explain(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"let {self.owner}.{self.name} in {place} be None, too"


def _allows_none(document: Document, found: Declared) -> bool:
    code = document.code(found.annotation) if found.annotation else "None"
    return "None" in code.replace("|", " ").split() or "Optional[" in code
