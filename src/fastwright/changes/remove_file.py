"""Remove a file, provided that it holds what it did when that was decided."""

from __future__ import annotations

import hashlib

from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged, Unfit
from fastwright.changes.tree import Tree


class RemoveFile(Operation):
    """There is no file at `path` any more; `holds` is the SHA-256 of what it holds now."""

    path: ProjectPath
    holds: str

    def plan(self, tree: Tree) -> Applied | Unchanged:
        found = tree.read(self.path)
        if found is None:
            return Unchanged(reason=f"{self.path} is not there")
        if hashlib.sha256(found).hexdigest() != self.holds:
            raise Unfit(self.path, 0, "was changed in the meantime", "run it again, on the project as it is now")
        tree.remove(self.path)
        return Applied(files=(self.path,))

    def explain(self) -> str:
        return f"remove {self.path}"
