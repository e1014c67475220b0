"""What became of an operation: one of three frozen values, never an exception.

Applied      it was done, to these files
Unchanged    everything was there already, and no byte was written
Refused      it cannot be done; the reason begins with the file and, where there is one, the line
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Applied(_Result):
    """The operation was done; `files` are those that differ now."""

    result: Literal["applied"] = "applied"
    files: tuple[str, ...]


class Unchanged(_Result):
    """What the operation is for was there already."""

    result: Literal["unchanged"] = "unchanged"
    reason: str


class Refused(_Result):
    """The operation does not fit what is there. `hint` is the next thing to try, where one is known."""

    result: Literal["refused"] = "refused"
    reason: str
    file: str = ""
    line: int = 0
    hint: str = ""


Outcome = Annotated[Applied | Unchanged | Refused, Field(discriminator="result")]


class Unfit(Exception):
    """Raised while an operation is being planned, and turned into `Refused` before it leaves this room."""

    def __init__(self, file: str, line: int, why: str, hint: str = "") -> None:
        super().__init__(why)
        reason = f"{file}:{line}: {why}" if line else f"{file}: {why}"
        self.refused = Refused(reason=reason, file=file, line=line, hint=hint)
