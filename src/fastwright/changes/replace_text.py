"""Replace a piece of text that stands in a file just once: for edits that somebody wrote, and no other operation is."""

from __future__ import annotations

from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged, Unfit
from fastwright.changes.tree import Tree


class ReplaceText(Operation):
    """In `file`, `before` becomes `after`; where that is there already, there is nothing to do."""

    file: ProjectPath
    before: str
    after: str

    def plan(self, tree: Tree) -> Applied | Unchanged:
        raw = tree.read(self.file)
        if raw is None:
            raise Unfit(self.file, 0, "there is no such file")
        before, after = self.before.encode(), self.after.encode()
        if after and after in raw:
            return Unchanged(reason=f"{self.file} has that text already")
        if not before or raw.count(before) != 1:
            times = f"stands there {raw.count(before)} times" if before else "is empty"
            raise Unfit(self.file, 0, f"the text to replace {times}", "give enough of its surroundings")
        tree.put(self.file, raw.replace(before, after))
        return Applied(files=(self.file,))

    def explain(self) -> str:
        return f"replace {self.before.count(chr(10)) + 1} lines in {self.file} by {self.after.count(chr(10)) + 1}"
