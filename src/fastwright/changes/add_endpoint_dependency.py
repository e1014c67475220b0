"""Add a dependency to one endpoint: in its decorators, or as a parameter of its function, which then has the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from fastwright.changes.editing import dependencies, finding, routes, signatures
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Expression, Identifier, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import FunctionSite


class AddEndpointDependency(Operation):
    """`attach` is where it goes; of several decorators, `path` and `method` choose which ones take it.

    `parameter` and `type` are for a parameter, which is written in the `style` that the project has.
    """

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    function: str
    dependency: Expression
    imports: tuple[Import, ...] = ()
    attach: Literal["decorator", "parameter"] = "decorator"
    path: str = ""
    method: str = ""
    style: Literal["annotated", "default"] = "annotated"
    parameter: Identifier = ""
    type: Expression | Literal[""] = ""

    @model_validator(mode="after")
    def _a_parameter_has_a_name(self) -> AddEndpointDependency:
        if self.attach == "parameter" and not (self.parameter and (self.type or self.style == "default")):
            raise ValueError("a parameter needs a name, and in the annotated style a type")
        return self

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = finding.function(document, self.function, self.line)
        dependency = dependencies.Dependency.of(self.dependency, self.imports)
        if known := signatures.parameter_that_depends(document, found.site, dependency):
            return self._unchanged(found.site.line, f"depends on {self.dependency} through {known} already")
        if self.attach == "parameter":
            return self._as_parameter(document, found, dependency)
        return self._in_decorators(document, found, dependency)

    def _in_decorators(
        self, document: Document, found: finding.Found[FunctionSite], dependency: dependencies.Dependency
    ) -> Applied | Unchanged:
        calls = routes.routes(document, found.site, self.path, self.method)
        if not calls:
            which = " ".join(filter(None, (self.method.upper(), self.path)))
            why = f"{self.function} has no route decorator" + (f" for {which}" if which else "") + " that is understood"
            raise document.unfit(found.site.line, why, "attach the dependency as a parameter")
        missing = [call for call in calls if not dependencies.has(document, call, dependency)]
        if not missing:
            return self._unchanged(found.site.line, f"depends on {self.dependency} already")
        site = found.surely(lambda rival: self._is_done(document, rival, dependency))
        added = [dependencies.add(document, call, dependency, site) for call in missing]
        if not any(added):
            return self._unchanged(site.line, "is given the same before in this change")
        return Applied(files=(self.file,))

    def _as_parameter(
        self, document: Document, found: finding.Found[FunctionSite], dependency: dependencies.Dependency
    ) -> Applied | Unchanged:
        site = found.surely(lambda rival: self._is_done(document, rival, dependency))
        new = signatures.dependency_parameter(
            document, site, dependency, name=self.parameter, kind=self.type, style=self.style
        )
        if not signatures.add(document, site, new):
            return self._unchanged(site.line, "is given the same before in this change")
        return Applied(files=(self.file,))

    def _is_done(self, document: Document, site: FunctionSite, dependency: dependencies.Dependency) -> bool:
        calls = routes.routes(document, site, self.path, self.method) if self.attach == "decorator" else []
        in_calls = bool(calls) and all(dependencies.has(document, call, dependency) for call in calls)
        return in_calls or bool(signatures.parameter_that_depends(document, site, dependency))

    def _unchanged(self, line: int, why: str) -> Unchanged:
        return Unchanged(reason=f"{self.file}:{line}: {self.function} {why}")

    def explain(self) -> str:
        place = f"parameter {self.parameter}" if self.attach == "parameter" else "its decorator"
        file = f"{self.file}:{self.line}" if self.line else self.file
        return f"make {self.function} in {file} depend on {self.dependency}, by {place}"
