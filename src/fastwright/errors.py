"""The errors that Fastwright tells people about, each with the next thing to try.

    FastwrightError            told to the person, never a traceback
    └── InputError             exit 2: bad arguments, a wrong design, a project that cannot be read
        └── DesignError        exit 2: the design file or shorthand is wrong, at a line

A proof that does not hold is a result and not an error; the doors give it exit code 1.
"""

from __future__ import annotations


class FastwrightError(Exception):
    """An expected failure: `message` says what happened, `hint` what to try next.

    Where several things are wrong at once, `problems` has each, and the error reads as the first of them.
    """

    exit_code = 2
    problems: tuple[FastwrightError, ...] = ()

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def describe(self) -> dict[str, object]:
        """Return the error as data."""
        return {"message": self.message, "hint": self.hint}


class InputError(FastwrightError):
    """What was given cannot be used; nothing was written."""


class DesignError(InputError):
    """A design that cannot be built. `source` is a file or `-r N`; `line` and `column` count from 1."""

    def __init__(self, message: str, *, hint: str = "", source: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.source = source
        self.line = line
        self.column = column

    @property
    def location(self) -> str:
        """Return `source:line:column` as editors understand it, as far as it is known."""
        parts = [self.source or "design", *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)

    def describe(self) -> dict[str, object]:
        """Return the error as data, with its place."""
        return {"location": self.location, "line": self.line, "column": self.column, **super().describe()}
