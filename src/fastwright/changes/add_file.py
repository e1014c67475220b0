"""Add one file that is not there yet."""

from __future__ import annotations

from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged, Unfit
from fastwright.changes.tree import Tree


class AddFile(Operation):
    """A new file at `path`, relative to the project and with forward slashes."""

    path: ProjectPath
    content: str
    executable: bool = False

    def plan(self, tree: Tree) -> Applied | Unchanged:
        content = self.content.encode()
        found = tree.read(self.path)
        if found is None:
            tree.put(self.path, content, executable=self.executable)
            return Applied(files=(self.path,))
        if found == content and tree.is_executable(self.path) >= self.executable:
            return Unchanged(reason=f"{self.path} is there, and holds just that")
        raise Unfit(self.path, 0, "is already there", "remove it, or choose another place")

    def explain(self) -> str:
        return f"add {self.path} ({self.content.count(chr(10))} lines)"
