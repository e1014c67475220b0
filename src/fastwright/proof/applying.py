"""Bring paths from one state to another: each by one rename, and again and again with the same result.

Every content lies beside its place before the first rename, so that no disk can be full in the middle. A path that is
there already is left alone, so that what was interrupted is simply done again; one that is in neither state was
touched by somebody else, and is never overwritten.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from fastwright.errors import FastwrightError
from fastwright.proof.edits import Edit
from fastwright.proof.states import State, flush, is_real_directory, read_state, shown
from fastwright.proof.tree import TEMPORARY, is_cache


class TouchedByOthers(FastwrightError):
    """Something is in neither of the states between which a change moves it."""


class Mover:
    """Moves the paths of one change below `root`, in either direction; `done` is what it has moved so far."""

    def __init__(self, root: Path, token: str, edits: Iterable[Edit]) -> None:
        self._root = root
        self._token = token
        self._edits = tuple(edits)
        self._numbers = {edit.path: number for number, edit in enumerate(self._edits)}
        self._moving = {edit.path for edit in self._edits if edit.before is None or edit.after is None}
        self._moving |= _turning(self._edits)
        self.done: dict[str, Edit] = {}

    def stage(self) -> None:
        """Put every new content beside its place, and wait until it is on the disk."""
        places: set[Path] = set()
        for edit in self._edits:
            if _is_put(edit):
                temporary = self._temporary(edit)
                self._write(temporary, edit)
                places.add(temporary.parent)
        for place in places:
            flush(place)

    def discard(self) -> None:
        """Remove the contents that lie beside their places."""
        for edit in self._edits:
            for temporary in {self._temporary(edit), self._beside(edit)}:
                with contextlib.suppress(NotADirectoryError):
                    temporary.unlink(missing_ok=True)

    def forward(self) -> None:
        """Bring every path to its state after the change."""
        self._move(self._edits)

    def back(self, moved: Iterable[Edit] | None = None) -> None:
        """Bring the paths that were moved back; if that is not known, all of them."""
        self.discard()  # makes room for what has to be written
        edits = self._edits if moved is None else moved
        self._move([Edit(edit.path, edit.after, edit.before) for edit in edits])
        self.discard()

    def _move(self, edits: Sequence[Edit]) -> None:
        for edit, step in _ordered(edits):
            known = edit.path in self.done
            self.done[edit.path] = edit
            try:
                step(self, edit)
            except TouchedByOthers:
                if not known:
                    del self.done[edit.path]
                raise
        for place in {(self._root / edit.path).parent for edit in edits}:
            if is_real_directory(place):
                flush(place)

    def clear(self, edit: Edit) -> None:
        """Take away what was at a path, unless something else is there already."""
        path, current = self._root / edit.path, read_state(self._root / edit.path)
        if current is None or (edit.after is not None and current.kind == edit.after.kind):
            return
        if current.kind == "directory" and edit.before is not None and edit.before.kind == "directory":
            _remove_directory(path, edit.path)
            return
        self._expect(edit, current, edit.before)
        path.unlink()

    def make_directory(self, edit: Edit) -> None:
        path, current = self._root / edit.path, read_state(self._root / edit.path)
        if current is None:
            path.mkdir(mode=0o700)
            path.chmod((edit.after.mode if edit.after else 0) | 0o700)
        elif current.kind != "directory":
            raise _touched(edit.path)

    def put(self, edit: Edit) -> None:
        """Rename the new content to its place."""
        path, current = self._root / edit.path, read_state(self._root / edit.path)
        if current == edit.after:
            return
        if current is not None:  # what was taken away meanwhile is not lost by putting the change in its place
            self._expect(edit, current, edit.before)
        temporary = self._temporary(edit)
        if not os.path.lexists(temporary):
            temporary = self._beside(edit)
            temporary.unlink(missing_ok=True)
            self._write(temporary, edit)
        temporary.rename(path)

    def set_mode(self, edit: Edit) -> None:
        path = self._root / edit.path
        if edit.after is not None and is_real_directory(path):
            _own(path, edit.after)
            path.chmod(edit.after.mode)

    def _expect(self, edit: Edit, current: State, expected: State | None) -> None:
        if current != expected:
            raise _touched(edit.path)

    def _write(self, temporary: Path, edit: Edit) -> None:
        state = edit.after
        if state is None:
            return
        if state.kind == "link":
            temporary.symlink_to(os.fsdecode(state.content))
            return
        with open(temporary, "xb", opener=_private) as file:
            file.write(state.content)
            file.flush()
            _dress(temporary, self._root / edit.path, edit, state)
            os.fsync(file.fileno())

    def _temporary(self, edit: Edit) -> Path:
        return self._nearest(edit.path) / f"{TEMPORARY}{self._token}-{self._numbers[edit.path]}"

    def _beside(self, edit: Edit) -> Path:
        return (self._root / edit.path).parent / f"{TEMPORARY}{self._token}-{self._numbers[edit.path]}-again"

    def _nearest(self, path: str) -> Path:
        """Return the nearest directory above `path` that the change neither makes nor takes away."""
        parents = (parent.as_posix() for parent in Path(path).parents)
        return self._root / next(parent for parent in parents if parent not in self._moving)


def _ordered(edits: Sequence[Edit]) -> Iterator[tuple[Edit, Callable[[Mover, Edit], None]]]:
    """Yield each edit with what to do, so that readers meet new files before the changed ones that need them.

    Paths that become something else, with all below them, are cleared first; what goes, goes last.
    """
    turning = _turning(edits)
    upwards = sorted(edits, key=lambda edit: edit.path.count("/"), reverse=True)
    clearing = {edit.path for edit in upwards if edit.before is not None and _is_below(edit.path, turning)}
    yield from ((edit, Mover.clear) for edit in upwards if edit.path in clearing)
    for edit in reversed(upwards):
        if edit.after is not None and edit.after.kind == "directory":
            yield edit, Mover.make_directory
    puts = sorted((edit for edit in edits if _is_put(edit)), key=lambda edit: (edit.before is not None, edit.path))
    yield from ((edit, Mover.put) for edit in puts)
    yield from ((edit, Mover.clear) for edit in upwards if edit.after is None and edit.path not in clearing)
    for edit in upwards:
        if edit.after is not None and edit.after.kind == "directory":
            yield edit, Mover.set_mode


def _turning(edits: Iterable[Edit]) -> set[str]:
    """Return the paths that become something of another kind, such as a directory that was a file."""
    return {edit.path for edit in edits if len({state.kind for state in edit.states}) > 1}


def _is_put(edit: Edit) -> bool:
    return edit.after is not None and edit.after.kind != "directory"


def _is_below(path: str, tops: set[str]) -> bool:
    return any(top == path or path.startswith(f"{top}/") for top in tops)


def _remove_directory(path: Path, name: str) -> None:
    """Remove a directory in which there is nothing but what tools make again."""
    for child in path.iterdir():
        if is_cache(child.name) and is_real_directory(child):
            shutil.rmtree(child)
    try:
        path.rmdir()
    except OSError as error:
        raise _touched(name) from error


def _dress(temporary: Path, current: Path, edit: Edit, state: State) -> None:
    """Give a new content the mode, owner and attributes of the file whose place it takes."""
    if edit.before is not None and edit.before.kind == "file" and current.is_file() and not current.is_symlink():
        shutil.copystat(current, temporary)
        os.utime(temporary)
        _own(temporary, edit.before)
    _own(temporary, state)
    temporary.chmod(state.mode)
    if state.mtime is not None:
        os.utime(temporary, ns=(state.mtime, state.mtime))


def _private(path: str, flags: int) -> int:
    """Open a file that nobody else may read, until it has the mode that it is to have."""
    return os.open(path, flags, 0o600)


def _own(path: Path, state: State) -> None:
    if state.owner is not None:
        found = path.lstat()
        if (found.st_uid, found.st_gid) != state.owner:
            with contextlib.suppress(PermissionError):  # only the owner's own rights differ, as with any editor
                os.chown(path, *state.owner)


def _touched(path: str) -> TouchedByOthers:
    return TouchedByOthers(f"{shown(path)} was changed by somebody else", hint="see what was changed")
