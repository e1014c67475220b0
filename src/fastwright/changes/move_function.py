"""Move a function, with its decorators, before another one of the same module."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst
from pydantic import Field

from fastwright.changes.editing import finding
from fastwright.changes.editing.index import FunctionSite
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document


class MoveFunction(Operation):
    """Routes are matched in the order in which their functions stand: what is more exact has to come first."""

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    function: Identifier
    before: Identifier
    before_line: int = Field(default=0, ge=0)

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        moved = finding.function(document, self.function, self.line).site
        goal = finding.function(document, self.before, self.before_line).site
        names = [site.name for site in document.index.functions]
        if self.function not in names or self.before not in names:
            raise document.unfit(moved.line, "only functions of the module itself can be moved", "do it by hand")
        if names.count(self.function) > 1 or names.count(self.before) > 1:
            raise document.unfit(moved.line, "another function has the same name", "do it by hand")
        if moved.top < goal.top:
            return Unchanged(reason=f"{self.file}:{moved.line}: {self.function} is before {self.before} already")
        self._check_names(document, moved, goal)
        places = _Place.of(document.module, moved.top), _Place.of(document.module, goal.top)
        document.edit(document.module, f"move {self.function}", lambda module: _moved(module, *places))
        return Applied(files=(self.file,))

    def _check_names(self, document: Document, moved: FunctionSite, goal: FunctionSite) -> None:
        """Raise `Unfit` where the function, when it is defined, reads a name that is set only further down."""
        read = _read_early(moved.node)
        for binding in document.names.bindings:
            if binding.runtime and binding.root in read and goal.top <= binding.top < moved.top:
                why = f"{binding.root}, which {self.function} needs, is set between {self.before} and it"
                raise document.unfit(moved.line, why, f"move {binding.root} up, too")

    def explain(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"move {self.function} in {place} before {self.before}"


@dataclass(frozen=True)
class _Place:
    """A statement by its name, and how many of that name come before it: other edits may have moved all of them."""

    name: str
    number: int

    @classmethod
    def of(cls, module: cst.Module, top: int) -> _Place:
        name = _name(module.body[top])
        return cls(name, sum(_name(one) == name for one in module.body[:top]))

    def index(self, body: Sequence[cst.CSTNode]) -> int:
        return [number for number, one in enumerate(body) if _name(one) == self.name][self.number]


def _name(statement: cst.CSTNode) -> str:
    return statement.name.value if isinstance(statement, cst.FunctionDef) else ""


def _moved(module: cst.Module, what: _Place, goal: _Place) -> cst.Module:
    body = list(module.body)
    taken = body.pop(what.index(module.body))
    to = goal.index(body)
    return module.with_changes(body=[*body[:to], taken, *body[to:]])


def _read_early(node: cst.FunctionDef) -> frozenset[str]:
    """Return the names that a function reads when it is defined: in its decorators and its signature."""
    bare = node.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]), leading_lines=(), lines_after_decorators=())
    tree = ast.parse(cst.Module([bare]).code)
    return frozenset(one.id for one in ast.walk(tree) if isinstance(one, ast.Name))
