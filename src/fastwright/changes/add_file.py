"""Add one file that is not there yet."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from fastwright.errors import InputError


class AddFile(BaseModel):
    """A new file at `path`, relative to the project and with forward slashes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["add_file"] = "add_file"
    path: str
    content: str
    executable: bool = False

    @field_validator("path")
    @classmethod
    def _inside_the_project(cls, value: str) -> str:
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise ValueError(f"{value!r} is not a path inside the project")
        return value

    def apply(self, root: Path) -> None:
        """Write the file below `root`. Raises `InputError` if something is there already."""
        target = root / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(self.content)
        except FileExistsError as error:
            raise InputError(f"{self.path} is already there", hint="remove it, or choose another place") from error
        if self.executable:
            target.chmod(0o755)

    def explain(self) -> str:
        """Return the operation as a sentence."""
        return f"add {self.path} ({self.content.count(chr(10))} lines)"
