"""Name something in `__all__`, where a module has that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from fastwright.changes.editing.sequences import inserted
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document


class AddExport(Operation):
    """The name goes to its place in the order of the others, or to the end if they have none."""

    file: ProjectPath
    name: Identifier

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        exported = next((value for statement in document.module.body if (value := _exported(statement))), None)
        if exported is None:
            return Unchanged(reason=f"{self.file} does not name what it exports")
        if self.name in _names(exported):
            return Unchanged(reason=f"{self.file} exports {self.name} already")
        if not document.edit(exported, f"export {self.name}", lambda node: self._with_name(document, node)):
            return Unchanged(reason=f"{self.file}: the same is added before in this change")
        return Applied(files=(self.file,))

    def _with_name(self, document: Document, node: cst.List | cst.Tuple) -> cst.List | cst.Tuple:
        names, elements = _names(node), list(node.elements)
        later = [number for number, name in enumerate(names) if name > self.name]
        is_sorted = names == sorted(names) and len(names) == len(elements)
        at = later[0] if later and is_sorted else len(elements)
        new = cst.Element(document.string(self.name))
        if isinstance(node, cst.Tuple):
            bracket = node.lpar[0].whitespace_after if node.lpar else cst.SimpleWhitespace("")
            added, _closing = inserted(elements, new, at, bracket, cst.SimpleWhitespace(""))
            return node.with_changes(elements=added)
        added, closing = inserted(elements, new, at, node.lbracket.whitespace_after, node.rbracket.whitespace_before)
        return node.with_changes(elements=added, rbracket=node.rbracket.with_changes(whitespace_before=closing))

    def explain(self) -> str:
        return f"export {self.name} from {self.file}"


def _exported(statement: cst.CSTNode) -> cst.List | cst.Tuple | None:
    """Return the value of `__all__ = […]`."""
    for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
        if isinstance(small, cst.Assign) and isinstance(small.value, cst.List | cst.Tuple):
            names = [one.target.value for one in small.targets if isinstance(one.target, cst.Name)]
            if "__all__" in names:
                return small.value
    return None


def _names(node: cst.List | cst.Tuple) -> list[str]:
    values = [one.value.evaluated_value for one in node.elements if isinstance(one.value, cst.SimpleString)]
    return [value for value in values if isinstance(value, str)]
