"""Merge two edits of one file, line by line: what both leave alone stays, and where they meet nothing is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Lines `start` to `end` become `lines`.
_Hunk = tuple[int, int, tuple[bytes, ...]]
_IMPORT = re.compile(rb"(from [\w.]+ import [\w, ]+|import [\w.]+)( *#.*)?\r?\n")


@dataclass(frozen=True)
class Clash:
    """Where two edits meet: the lines of the common text from `line` on (from 1), and what became of them twice."""

    line: int
    common: tuple[bytes, ...]
    ours: tuple[bytes, ...]
    theirs: tuple[bytes, ...]


@dataclass(frozen=True)
class Merged:
    """`content` has both edits; there is none where they clash, or where one of the texts is binary."""

    content: bytes | None
    clashes: tuple[Clash, ...] = ()


def merge(common: bytes, ours: bytes, theirs: bytes) -> Merged:
    """Return what comes of two edits of `common`.

    Edits meet where no unchanged line lies between them: then their order would be a guess. Imports are an exception:
    each of them stands for itself.
    """
    if b"\0" in common + ours + theirs:
        return Merged(ours if ours == theirs else None)
    lines = _lines(common)
    pieces: list[bytes] = []
    clashes: list[Clash] = []
    position = 0
    for start, end, mine, other in _regions(lines, _lines(ours), _lines(theirs)):
        pieces += lines[position:start]
        position = end
        clash = Clash(start + 1, tuple(lines[start:end]), mine, other)
        settled = _settled(clash)
        if settled is None:
            clashes.append(clash)
        else:
            pieces += settled
    return Merged(None if clashes else b"".join((*pieces, *lines[position:])), tuple(clashes))


def take_out(before: bytes, after: bytes, now: bytes) -> bytes | None:
    """Return `now` without what made `after` of `before`, or nothing if edits since touch the same lines."""
    return merge(after, before, now).content


def _regions(
    common: list[bytes], ours: list[bytes], theirs: list[bytes]
) -> list[tuple[int, int, tuple[bytes, ...], tuple[bytes, ...]]]:
    """Return the parts of the common lines that were edited, with both of what became of them, in order."""
    sides = _hunks(common, ours), _hunks(common, theirs)
    spans: list[tuple[int, int]] = []
    for start, end, _new in sorted((*sides[0], *sides[1])):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return [
        (start, end, _became(common, sides[0], start, end), _became(common, sides[1], start, end))
        for start, end in spans
    ]


def _became(common: list[bytes], hunks: list[_Hunk], start: int, end: int) -> tuple[bytes, ...]:
    """Return what one side made of the lines from `start` to `end`."""
    lines: list[bytes] = []
    position = start
    for low, high, new in hunks:
        if start <= low and high <= end:
            lines += [*common[position:low], *new]
            position = high
    return (*lines, *common[position:end])


def _settled(clash: Clash) -> tuple[bytes, ...] | None:
    """Return what stands there after both edits, or nothing if that is for a person to decide."""
    if clash.ours in {clash.theirs, clash.common}:
        return clash.theirs
    if clash.theirs == clash.common:
        return clash.ours
    every = (*clash.common, *clash.ours, *clash.theirs)
    if not all(_IMPORT.fullmatch(line) for line in every):
        return None
    gone = set(clash.common) - (set(clash.ours) & set(clash.theirs))
    kept = [line for line in dict.fromkeys((*clash.theirs, *clash.ours)) if line not in gone]
    modules = [line.split()[1] for line in kept]
    in_order = sorted(kept, key=lambda line: (line.startswith(b"from"), line))
    return tuple(in_order) if len(set(modules)) == len(modules) else None


def _hunks(old: list[bytes], new: list[bytes]) -> list[_Hunk]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(start, end, tuple(new[low:high])) for kind, start, end, low, high in codes if kind != "equal"]


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)
