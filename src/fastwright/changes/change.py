"""A `Change`: operations in order, and what they are for."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from fastwright.changes.add_file import AddFile


class Change(BaseModel):
    """What would be done to a project. It becomes real only through a proof."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: str
    operations: tuple[AddFile, ...]

    def apply(self, root: Path) -> None:
        """Apply every operation below `root`, in order."""
        for operation in self.operations:
            operation.apply(root)

    def explain(self) -> tuple[str, ...]:
        """Return a sentence for each operation."""
        return tuple(operation.explain() for operation in self.operations)
