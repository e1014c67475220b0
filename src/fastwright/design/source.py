"""Where each word of a design stands, so that every fault can point at it.

A `Word` is text with its place. Readers make words, checks raise `Word.fault`, and `Faults` gathers what was found into
one `InvalidDesignError`, ordered as in the source.
"""

from __future__ import annotations

import difflib
from collections.abc import Generator, Iterable
from contextlib import contextmanager
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
    """Text and its place; `literal` when its characters stand there one by one: one line, no escapes."""

    text: str
    spot: Spot
    literal: bool = True

    def part(self, start: int, end: int | None = None) -> Word:
        """Return the characters from `start` to `end`, at their own place where that is known."""
        text = self.text[start:end]
        if not self.literal or not self.spot.column:
            return Word(text, self.spot, literal=False)
        return Word(text, Spot(self.spot.source, self.spot.line, self.spot.column + start))

    def stripped(self) -> Word:
        start = len(self.text) - len(self.text.lstrip())
        return self.part(start, max(start, len(self.text.rstrip())))

    def fault(self, message: str, *, hint: str) -> DesignError:
        return self.spot.fault(message, hint=hint)


class InvalidDesignError(DesignError):
    """All faults of one design: it reads as the first of them, and `problems` has each."""

    def __init__(self, problems: Iterable[DesignError]) -> None:
        self.faults = tuple(sorted(problems, key=_position))
        self.problems = self.faults
        first = self.faults[0]
        super().__init__(first.message, hint=first.hint, source=first.source, line=first.line, column=first.column)


def _position(problem: DesignError) -> tuple[int, str, int, int]:
    # The length first, so that `-r 2` comes before `-r 10`.
    return len(problem.source), problem.source, problem.line, problem.column


class Faults:
    """Gathers the faults of parts that do not depend on each other, so that one run reports them all."""

    def __init__(self) -> None:
        self._found: list[DesignError] = []

    @contextmanager
    def gathered(self) -> Generator[None]:
        """Keep the fault that the block raises, and go on after it."""
        try:
            yield
        except InvalidDesignError as error:
            self._found.extend(error.faults)
        except DesignError as error:
            self._found.append(error)

    def extend(self, problems: Iterable[DesignError]) -> None:
        self._found.extend(problems)

    def raise_any(self) -> None:
        if self._found:
            raise InvalidDesignError(self._found)


def listed(words: Iterable[str], *, last: str = "or") -> str:
    """Return "`a`, `b` or `c`"."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Return a hint that names the nearest of the `known` words, or else lists them all."""
    candidates = list(known)
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{by_folded[near[0]]}`?"
    return otherwise or f"use {listed(candidates)}"
