"""What is common to operations at the place of a call or a read, as the interpreter gives it for a frame."""

from __future__ import annotations

from pydantic import Field

from fastwright.changes.editing.frames import Frame
from fastwright.changes.operation import Operation, ProjectPath


class PlacedOperation(Operation):
    """An operation at a place: columns count bytes, from 0, and are -1 where the interpreter knows lines only."""

    file: ProjectPath
    line: int = Field(ge=1)
    column: int = -1
    end_line: int = -1
    end_column: int = -1
    function: str = ""

    @property
    def frame(self) -> Frame:
        return Frame(**self.model_dump(include=set(Frame.model_fields)))
