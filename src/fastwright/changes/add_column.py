"""Add a column to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field, field_validator

from fastwright.changes.editing import expressions, finding
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import ClassSite

_CALLS = frozenset({"Column", "mapped_column", "Field"})
_RELATIONS = frozenset({"relationship", "Relationship"})


class AddColumn(Operation):
    """`code` is the statement that makes the column, as it stands in the class; it goes behind the other columns."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    class_name: str
    name: Identifier
    code: str
    imports: tuple[Import, ...] = ()

    @field_validator("code")
    @classmethod
    def _is_a_statement(cls, value: str) -> str:
        try:
            statement = cst.parse_statement(value)
        except cst.ParserSyntaxError as error:
            raise ValueError(f"is not Python: {error.message}") from error
        if not isinstance(statement, cst.SimpleStatementLine):
            raise ValueError("is not one statement on one line")  # noqa: TRY004 - pydantic turns it into its own error
        return value

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = finding.class_(document, self.class_name, self.line)
        statement = cst.ensure_type(cst.parse_statement(self.code), cst.SimpleStatementLine)
        known = next((one for one in _members(found.site.node) if _name(one) == self.name), None)
        if known is not None:
            if expressions.meaning(document, known) == expressions.meaning(document, statement, self.imports):
                return Unchanged(reason=f"{self.file}:{found.site.line}: {self.class_name} has {self.name} already")
            raise document.unfit(document.line_of(known), f"{self.name} is there already, and is not the same")
        site = found.surely(lambda rival: any(_name(one) == self.name for one in _members(rival.node)))
        anchor = self._anchor(document, site)
        local = {one.local: document.imports.use(one, site) for one in self.imports}
        renamed = cst.ensure_type(expressions.renamed(statement, local), cst.SimpleStatementLine)
        if not document.insert_after(anchor, f"column {self.name}", renamed):
            return Unchanged(reason=f"{self.file}:{site.line}: the same is added before in this change")
        return Applied(files=(self.file,))

    def _anchor(self, document: Document, site: ClassSite) -> cst.SimpleStatementLine:
        columns = [one for one in _members(site.node) if _is_column(one)]
        if not columns:
            raise document.unfit(site.line, f"{self.class_name} has no column to put another behind")
        return columns[-1]

    def explain(self) -> str:
        return f"add the column `{self.code}` to {self.class_name} in {self.file}"


def _members(node: cst.ClassDef) -> list[cst.SimpleStatementLine]:
    return [one for one in node.body.body if isinstance(one, cst.SimpleStatementLine)]


def _name(line: cst.SimpleStatementLine) -> str:
    first = line.body[0]
    target = first.target if isinstance(first, cst.AnnAssign) else None
    if isinstance(first, cst.Assign):
        target = first.targets[0].target
    return target.value if isinstance(target, cst.Name) else ""


def _is_column(line: cst.SimpleStatementLine) -> bool:
    first = line.body[0]
    value = first.value if isinstance(first, cst.Assign | cst.AnnAssign) else None
    called = _last_name(value.func) if isinstance(value, cst.Call) else ""
    is_plain = isinstance(first, cst.AnnAssign) and not _name(line).startswith("_") and called not in _RELATIONS
    return called in _CALLS or is_plain


def _last_name(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
