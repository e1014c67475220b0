"""A `Change`: operations in order, and what they are for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, SerializeAsAny, field_validator

from fastwright.changes.operation import Operation, operation_kinds


class Change(BaseModel):
    """What would be done to a project. It becomes real only through a proof."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: str
    operations: tuple[SerializeAsAny[Operation], ...]

    @field_validator("operations", mode="before")
    @classmethod
    def _of_their_kind(cls, value: Iterable[Operation | Mapping[str, Any]]) -> tuple[Operation, ...]:
        return tuple(item if isinstance(item, Operation) else _operation(item) for item in value)

    def apply(self, root: Path) -> None:
        """Apply every operation below `root`, in order."""
        for operation in self.operations:
            operation.apply(root)

    def explain(self) -> tuple[str, ...]:
        """Return a sentence for each operation."""
        return tuple(operation.explain() for operation in self.operations)


def _operation(data: Mapping[str, Any]) -> Operation:
    kind = cast("object", data.get("kind"))
    known = operation_kinds()
    if not isinstance(kind, str) or kind not in known:
        raise ValueError(f"{kind!r} is not a kind of operation: {', '.join(sorted(known))}")
    return known[kind].model_validate(data)
