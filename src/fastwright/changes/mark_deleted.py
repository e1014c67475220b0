"""Mark a row as deleted, with the time, where it was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from fastwright.changes.editing import frames
from fastwright.changes.editing.loops import path_to
from fastwright.changes.editing.statements import called
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.placed import PlacedOperation
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.executing import Evaluated


class MarkDeleted(PlacedOperation):
    """`session.delete(row)`, awaited or not, becomes `row.deleted_at = datetime.now(timezone.utc)`.

    The place is that of the call.
    """

    attribute: Identifier = "deleted_at"

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        frame = self.frame
        around = frames.function(document, frame)
        if f".{self.attribute} = " in document.code(around.node):
            return Unchanged(reason=f"{self.file}:{around.line}: {around.name} sets {self.attribute} already")
        site = frames.site(document, frame)
        statement, row = self._statement(document, site)
        names = (Import(module="datetime", name=name) for name in ("datetime", "timezone"))
        now, zone = (document.imports.use(one, site) for one in names)
        line = cst.parse_statement(f"{row} = {now}.now({zone}.utc)")
        new = cst.ensure_type(line, cst.SimpleStatementLine).body[0]
        document.edit(statement, f"mark {row}", lambda _old: new)
        return Applied(files=(self.file,))

    def _statement(self, document: Document, site: Evaluated) -> tuple[cst.Expr, str]:
        """Return the statement that is nothing but the call, and what is set in its place."""
        call = site.node
        path = path_to(document, call)
        statement = next((one for one in reversed(path) if isinstance(one, cst.Expr)), None)
        whole = statement.value if statement is not None else None
        inner = whole.expression if isinstance(whole, cst.Await) else whole
        if statement is None or inner is not call or not isinstance(call, cst.Call) or called(call) != "delete":
            raise document.unfit(site.line, "what is here is not just the deletion of a row", "mark the row by hand")
        if len(call.args) != 1 or not isinstance(call.args[0].value, cst.Name | cst.Attribute | cst.Call):
            raise document.unfit(site.line, "the row that is deleted has no name", "give it a variable first")
        return statement, f"{document.code(call.args[0].value)}.{self.attribute}"

    def explain(self) -> str:
        return f"set {self.attribute} in place of deleting the row in {self.file}:{self.line}"
