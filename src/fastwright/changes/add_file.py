"""Add one file that is not there yet."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import field_validator

from fastwright.changes.operation import Operation
from fastwright.errors import InputError


class AddFile(Operation):
    """A new file at `path`, relative to the project and with forward slashes."""

    kind: Literal["add_file"] = "add_file"  # pyright: ignore[reportIncompatibleVariableOverride] - frozen, so narrower is safe
    path: str
    content: str
    executable: bool = False

    @field_validator("path")
    @classmethod
    def _inside_the_project(cls, value: str) -> str:
        path = PurePosixPath(value)
        if path.is_absolute() or not path.parts or {"..", "\0", "\\"}.intersection((*path.parts, *value)):
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
            target.chmod(target.stat().st_mode | 0o111)

    def explain(self) -> str:
        return f"add {self.path} ({self.content.count(chr(10))} lines)"
