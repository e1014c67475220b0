"""What is common to operations that add a dependency to one call: of a router, of an include, or of the app."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from fastwright.changes.editing import dependencies, finding
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Expression, Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import CallSite


class CallDependency(Operation):
    """A dependency of everything that goes through a call, which is found by its line, or else by a name."""

    what: ClassVar[str]

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    column: int | None = Field(default=None, ge=0, description="as `ast` counts, in bytes, where a line has two calls")
    name: Identifier = ""
    dependency: Expression
    imports: tuple[Import, ...] = ()

    @abstractmethod
    def accepts(self, document: Document, site: CallSite) -> bool:
        """Return whether a call is of the kind that is meant."""

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = finding.call(
            document,
            self.what,
            lambda site: self.accepts(document, site),
            line=self.line,
            column=self.column,
            name=self.name,
        )
        dependency = dependencies.Dependency.of(self.dependency, self.imports)
        if dependencies.has(document, found.site.node, dependency):
            return Unchanged(
                reason=f"{self.file}:{found.site.line}: the {self.what} depends on {self.dependency} already"
            )
        site = found.surely(lambda rival: dependencies.has(document, rival.node, dependency))
        if not dependencies.add(document, site.node, dependency, site):
            return Unchanged(reason=f"{self.file}:{site.line}: the same was asked for before in this change")
        return Applied(files=(self.file,))

    def explain(self) -> str:
        called = f"{self.what} {self.name}" if self.name else f"the {self.what}"
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"make everything below {called} in {place} depend on {self.dependency}"
