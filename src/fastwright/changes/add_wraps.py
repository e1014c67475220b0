"""Let the wrapper in a decorator keep the signature of what it wraps: `@functools.wraps(function)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field

from fastwright.changes.editing import finding
from fastwright.changes.editing.expressions import written
from fastwright.changes.editing.index import FunctionSite, dotted
from fastwright.changes.editing.names import all_parameters
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import DottedName, Import

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document

_WRAPS = Import(module="functools", name="wraps")


class AddWraps(Operation):
    """`function` is the wrapper, which stands in the decorator: what it wraps is the first parameter of that."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    function: DottedName

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = finding.function(document, self.function, self.line)
        if _is_done(found.site):
            return Unchanged(reason=f"{self.file}:{found.site.line}: {self.function} has @wraps already")
        site = found.surely(_is_done)
        new = cst.Decorator(written(document, f"wraps({self._wrapped(document, site)})", (_WRAPS,), site))
        document.edit(site.node, "wraps", lambda node: node.with_changes(decorators=[*node.decorators, new]))
        return Applied(files=(self.file,))

    def _wrapped(self, document: Document, site: FunctionSite) -> str:
        """Return the name of what is wrapped. Raises `Unfit` where the function is in none that has a parameter."""
        around = site.scopes[-1] if site.scopes else None
        if isinstance(around, cst.FunctionDef) and (parameters := all_parameters(around.params)):
            return parameters[0].name.value
        raise document.unfit(site.line, f"{self.function} is not in a decorator", "do it by hand")

    def explain(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"put @functools.wraps on {self.function} in {place}"


def _is_done(site: FunctionSite) -> bool:
    calls = [one.decorator for one in site.node.decorators]
    return any(isinstance(one, cst.Call) and dotted(one.func).rpartition(".")[2] == "wraps" for one in calls)
