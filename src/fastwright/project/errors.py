"""Why a project cannot be read, each with the next thing to try."""

from __future__ import annotations

from fastwright.errors import InputError


class ProjectError(InputError):
    """A project that cannot be read; nothing was changed. `file` is relative to the project, `line` counts from 1."""

    def __init__(self, message: str, *, hint: str = "", file: str = "", line: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line

    def describe(self) -> dict[str, object]:
        """Return the error as data, with its place if it has one."""
        if not self.file:
            return super().describe()
        location = f"{self.file}:{self.line}" if self.line else self.file
        return {"location": location, "file": self.file, "line": self.line, **super().describe()}


class AppNotFound(ProjectError):
    """No app object, or more than one that it could be."""


class InterpreterNotFound(ProjectError):
    """No interpreter in which the project could be imported."""


class ImportFailed(ProjectError):
    """The app could not be imported, or hung, or ended the program."""


class ImportRaised(ImportFailed):
    """The import of the app raised, or ended the program: it may be for want of a variable."""
