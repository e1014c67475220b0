"""Edits of functions that are there, by their lines: what stands before and after stays as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastwright.recipes._recipe import Known


def text_of(known: Known, file: str) -> list[str]:
    """Return the lines of a file."""
    return (known.source.root / file).read_text(encoding="utf-8").splitlines(keepends=True)


def indent(line: str) -> str:
    """Return the white space that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def replaced(text: Sequence[str], lines: tuple[int, int], new: Mapping[int, Sequence[str]]) -> tuple[str, str]:
    """Return the text from the first line to the last, counted from 1, before and after `new` replaces some of them."""
    first, last = lines
    after = [part for number in range(first, last + 1) for part in new.get(number, text[number - 1 : number])]
    return "".join(text[first - 1 : last]), "".join(after)
