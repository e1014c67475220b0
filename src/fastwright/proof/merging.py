"""Take a change out of a file that was edited since, line by line, if the edits leave the lines of the change alone."""

from __future__ import annotations

from difflib import SequenceMatcher

# Lines `start` to `end` become `lines`.
_Hunk = tuple[int, int, tuple[bytes, ...]]


def take_out(before: bytes, after: bytes, now: bytes) -> bytes | None:
    """Return `now` without what made `after` of `before`, or nothing if edits since touch the same lines."""
    if b"\0" in before + after + now:
        return None
    common = _lines(after)
    ours, theirs = _hunks(common, _lines(before)), _hunks(common, _lines(now))
    theirs = [hunk for hunk in theirs if hunk not in ours]
    if any(_touch(one, other) for one in ours for other in theirs):
        return None
    merged: list[bytes] = []
    position = 0
    for start, end, lines in sorted((*ours, *theirs)):
        merged += [*common[position:start], *lines]
        position = end
    return b"".join((*merged, *common[position:]))


def _hunks(old: list[bytes], new: list[bytes]) -> list[_Hunk]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(start, end, tuple(new[low:high])) for kind, start, end, low, high in codes if kind != "equal"]


def _touch(one: _Hunk, other: _Hunk) -> bool:
    """Tell whether no unchanged line lies between two hunks: then their order would be a guess."""
    return one[0] <= other[1] and other[0] <= one[1]


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)
