"""Add a package to the file in which the project keeps what it requires."""

from __future__ import annotations

from pydantic import field_validator

from fastwright.changes.editing import requirements
from fastwright.changes.editing.encoded import Encoded
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged, Unfit
from fastwright.changes.tree import Tree


class AddRequirement(Operation):
    """`requirement` as pip takes it. `file` is a pyproject.toml (standard or Poetry's) or a requirements.txt.

    A package that is there already stays at the version that it has.
    """

    file: ProjectPath
    requirement: str

    @field_validator("requirement")
    @classmethod
    def _has_a_name(cls, value: str) -> str:
        requirements.Requirement.of(value)
        return value.strip()

    def plan(self, tree: Tree) -> Applied | Unchanged:
        raw = tree.read(self.file)
        if raw is None:
            raise Unfit(self.file, 0, "does not exist")
        source = Encoded.read(self.file, raw)
        wanted = requirements.Requirement.of(self.requirement)
        edited = requirements.with_requirement(self.file, source.text, wanted)
        if edited is None:
            return Unchanged(reason=f"{self.file} has {wanted.name} already")
        tree.put(self.file, source.bytes(self.file, edited))
        return Applied(files=(self.file,))

    def explain(self) -> str:
        return f"add {self.requirement} to {self.file}"
