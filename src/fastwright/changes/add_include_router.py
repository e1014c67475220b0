"""Include a router in the app, or in another router."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field

from fastwright.changes.editing import objects
from fastwright.changes.editing.expressions import meaning, written
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import DottedName, Expression, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import CallSite


class AddIncludeRouter(Operation):
    """`target.include_router(router, prefix=..., tags=[...])`, behind the includes that are there.

    `target` is the app, a router, or the function that makes the app; `line` tells which, if there are several.
    """

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    target: DottedName
    router: Expression
    imports: tuple[Import, ...] = ()
    prefix: str = ""
    tags: tuple[str, ...] = ()

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        home = objects.home(document, self.target, self.line, lambda home: self._is_done(document, home))
        if home is None:
            return Unchanged(reason=f"{self.file}: {self.target} includes {self.router} already")
        anchor, site = objects.place(document, home, "include_router")
        arguments = [objects.argument("", written(document, self.router, self.imports, site))]
        if self.prefix:
            arguments.append(objects.argument("prefix", document.string(self.prefix)))
        if self.tags:
            tags = cst.List([cst.Element(document.string(tag)) for tag in self.tags])
            arguments.append(objects.argument("tags", tags))
        statement = objects.statement(home.name, "include_router", arguments)
        if not document.insert_after(anchor, f"include {self.router} {self.prefix}", statement):
            return Unchanged(reason=f"{self.file}:{site.line}: {self.router} is included before in this change")
        return Applied(files=(self.file,))

    def _is_done(self, document: Document, home: objects.Home) -> bool:
        return any(self._is_same(document, site) for site in home.of("include_router"))

    def _is_same(self, document: Document, site: CallSite) -> bool:
        """Return whether a call includes this router at this prefix. Raises `Unfit` where only a run could tell."""
        given = dict(objects.arguments(site.node))
        router = given.get("", given.get("router"))
        if router is None or meaning(document, router) != meaning(document, self.router, self.imports):
            return False
        prefix = given.get("prefix")
        if prefix is None:
            return not self.prefix
        if isinstance(prefix, cst.SimpleString):
            return prefix.evaluated_value == self.prefix
        raise document.unfit(site.line, f"{self.router} is included already, at the prefix {document.code(prefix)}")

    def explain(self) -> str:
        at = f" at {self.prefix}" if self.prefix else ""
        return f"include {self.router} in {self.target} of {self.file}{at}"
