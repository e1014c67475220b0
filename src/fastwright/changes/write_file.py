"""Give a file that is there another content, provided that it holds what it did when that was decided."""

from __future__ import annotations

import hashlib

from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged, Unfit
from fastwright.changes.tree import Tree


class WriteFile(Operation):
    """The file at `path` holds `content` from now on; `replaces` is the SHA-256 of what it holds now."""

    path: ProjectPath
    content: str
    replaces: str

    def plan(self, tree: Tree) -> Applied | Unchanged:
        content = self.content.encode()
        found = tree.read(self.path)
        if found is None:
            raise Unfit(self.path, 0, "there is no such file")
        if found == content:
            return Unchanged(reason=f"{self.path} holds just that")
        if hashlib.sha256(found).hexdigest() != self.replaces:
            raise Unfit(self.path, 0, "was changed in the meantime", "run it again, on the project as it is now")
        tree.put(self.path, content)
        return Applied(files=(self.path,))

    def explain(self) -> str:
        return f"write {self.path} anew ({self.content.count(chr(10))} lines)"
