"""Where each word of a design stands, so that every fault can point at it.

A `Word` is text with its place. Readers make words, checks raise `Spot.fault`, and `raise_all` turns everything that was
found into one `FaultyDesign`, ordered as in the file.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from fastwright.errors import DesignError


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a source; `line` and `column` count from 1, and 0 is unknown."""

    source: str
    line: int = 0
    column: int = 0

    def fault(self, message: str, *, hint: str) -> DesignError:
        return DesignError(message, hint=hint, source=self.source, line=self.line, column=self.column)


@dataclass(frozen=True, slots=True)
class Word:
    """Text and where it stands; `literal` when its characters stand there one by one (no escapes, one line)."""

    text: str
    spot: Spot
    literal: bool = True

    def part(self, start: int, end: int | None = None) -> Word:
        """Return the words' characters from `start` to `end`, at their own place where that is known."""
        text = self.text[start:end]
        if not self.literal or not self.spot.column:
            return Word(text, self.spot, literal=False)
        return Word(text, Spot(self.spot.source, self.spot.line, self.spot.column + start))

    def stripped(self) -> Word:
        start = len(self.text) - len(self.text.lstrip())
        return self.part(start, len(self.text.rstrip()))

    def fault(self, message: str, *, hint: str) -> DesignError:
        return self.spot.fault(message, hint=hint)


class FaultyDesign(DesignError):
    """All faults of one design: reads as the first of them, and `problems` has each."""

    def __init__(self, problems: Iterable[DesignError]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.source, problem.line, problem.column)))
        first = self.problems[0]
        super().__init__(
            first.message, hint=first.hint, source=first.source, line=first.line, column=first.column
        )


def raise_all(problems: Iterable[DesignError]) -> None:
    """Raise one error for all `problems`, or nothing if there are none."""
    found = tuple(problems)
    if found:
        raise FaultyDesign(found)


class Faults:
    """Collects what is wrong with independent parts, so that one run reports all of them."""

    def __init__(self) -> None:
        self._found: list[DesignError] = []

    def each[T](self) -> None: ...
