"""A `Change`: operations in order, and what they are for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, SerializeAsAny, field_validator

from fastwright.changes.operation import Operation, perform, read_operation
from fastwright.changes.outcome import Outcome, Refused
from fastwright.errors import InputError


class Change(BaseModel):
    """What would be done to a project. It becomes real only through a proof."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: str
    operations: tuple[SerializeAsAny[Operation], ...]

    @field_validator("operations", mode="before")
    @classmethod
    def _of_their_kind(cls, value: Iterable[Operation | Mapping[str, Any]]) -> tuple[Operation, ...]:
        return tuple(item if isinstance(item, Operation) else read_operation(item) for item in value)

    def attempt(self, root: Path) -> tuple[Outcome, ...]:
        """Apply every operation below `root`, or, if one is refused, none; return what became of each."""
        return perform(self.operations, root)

    def apply(self, root: Path) -> tuple[Outcome, ...]:
        """Apply every operation below `root`. Raises `InputError`, and writes nothing, if one is refused."""
        outcomes = self.attempt(root)
        problems = tuple(
            InputError(outcome.reason, hint=outcome.hint) for outcome in outcomes if isinstance(outcome, Refused)
        )
        if problems:
            error = InputError(problems[0].message, hint=problems[0].hint)
            error.problems = problems
            raise error
        return outcomes

    def explain(self) -> tuple[str, ...]:
        """Return a sentence for each operation."""
        return tuple(operation.explain() for operation in self.operations)
