"""Add a middleware to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from fastwright.changes.editing import objects
from fastwright.changes.editing.expressions import meaning, written
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import DottedName, Expression, Import

if TYPE_CHECKING:
    import libcst as cst

    from fastwright.changes.editing.document import Document

# One class that is used many times, with another function each.
_REUSED = "starlette.middleware.base.BaseHTTPMiddleware"


class AddMiddleware(Operation):
    """`target.add_middleware(middleware, option=...)`, behind those that are there: the last one added is outermost.

    `target` is the app, or the function that makes it; `line` tells which, if there are several.
    """

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    target: DottedName
    middleware: Expression
    options: dict[DottedName, Expression] = Field(default_factory=dict[str, str])
    imports: tuple[Import, ...] = ()

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        home = objects.home(document, self.target, self.line, lambda home: self._is_done(document, home))
        if home is None:
            return Unchanged(reason=f"{self.file}: {self.target} has {self.middleware} already")
        anchor, site = objects.place(document, home, "add_middleware")
        values = {"": self.middleware, **self.options}
        arguments = [
            objects.argument(name, written(document, value, self.imports, site)) for name, value in values.items()
        ]
        statement = objects.statement(home.name, "add_middleware", arguments)
        if not document.insert_after(anchor, f"middleware {self.middleware}", statement):
            return Unchanged(reason=f"{self.file}:{site.line}: the same is added before in this change")
        return Applied(files=(self.file,))

    def _is_done(self, document: Document, home: objects.Home) -> bool:
        return any(self._is_same(document, call) for call in self._added(document, home))

    def _added(self, document: Document, home: objects.Home) -> list[cst.Call]:
        """Return the calls that name a middleware of the app, in its constructor or behind it."""
        inside = [
            site.node
            for site in document.index.calls
            if home.made and site.statement is home.made.statement and site.callee.rpartition(".")[2] == "Middleware"
        ]
        return [*inside, *(site.node for site in home.of("add_middleware"))]

    def _is_same(self, document: Document, call: cst.Call) -> bool:
        """Return whether a call adds just this. Raises `Unfit` if it adds the same middleware in another way."""
        found = {name: meaning(document, value) for name, value in objects.arguments(call)}
        mine = meaning(document, self.middleware, self.imports)
        if mine not in {found.get(""), found.get("middleware_class"), found.get("cls")}:
            return False
        wanted = {name: meaning(document, value, self.imports) for name, value in self.options.items()}
        if {name: value for name, value in found.items() if value != mine} == wanted:
            return True
        if mine == meaning(document, _REUSED):
            return False
        raise document.unfit(document.line_of(call), f"{self.middleware} is there already, with other options")

    def explain(self) -> str:
        options = ", ".join(f"{name}={value}" for name, value in self.options.items())
        return f"add the middleware {self.middleware}({options}) to {self.target} in {self.file}"
