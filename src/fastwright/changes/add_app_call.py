"""Call a function with the app, right behind where it is made: `install_error_handlers(app)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field

from fastwright.changes.editing import objects
from fastwright.changes.editing.expressions import meaning, written
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import DottedName, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document


class AddAppCall(Operation):
    """`function(target)`, before routers are included, so that what they inherit from the app is set by then.

    `target` is the app, or the function that makes it; `line` tells which, if there are several.
    """

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    target: DottedName
    function: DottedName
    imports: tuple[Import, ...] = ()

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        home = objects.home(document, self.target, self.line, lambda home: self._is_done(document, home))
        if home is None:
            return Unchanged(reason=f"{self.file}: {self.function} is called with {self.target} already")
        anchor, site = objects.place(document, home, "")
        call = cst.Call(written(document, self.function, self.imports, site), [cst.Arg(cst.Name(home.name))])
        statement = cst.SimpleStatementLine([cst.Expr(call)])
        if not document.insert_after(anchor, f"call {self.function}", statement):
            return Unchanged(reason=f"{self.file}:{site.line}: the same is called before in this change")
        return Applied(files=(self.file,))

    def _is_done(self, document: Document, home: objects.Home) -> bool:
        wanted = meaning(document, self.function, self.imports)
        return any(
            site.scopes == home.first.scopes
            and meaning(document, site.node.func) == wanted
            and [cst.Module([]).code_for_node(value) for _name, value in objects.arguments(site.node)] == [home.name]
            for site in document.index.calls
        )

    def explain(self) -> str:
        return f"call {self.function} with {self.target} in {self.file}"
