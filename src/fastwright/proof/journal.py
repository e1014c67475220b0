"""Land edits on a project: a kill at any moment leaves the old tree or the new one as soon as anybody looks again.

Before the commit record nothing of the project has changed; after it, the next run ends what was begun (`recover`).
While files are being renamed the record is there, and tells every reader so. See docs/decisions/0009-landing-edits.md.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from fastwright.errors import FastwrightError, InputError
from fastwright.proof import records
from fastwright.proof.applying import Mover, TouchedByOthers
from fastwright.proof.edits import Edit, Edits
from fastwright.proof.records import Direction, Entry
from fastwright.proof.states import is_real_directory, read_state, shown
from fastwright.proof.tree import changed_since, check_path

_LISTED = 20
# So many changes can be taken back. An entry holds both sides of each file that it changed, most often a few kilobytes.
KEPT = 50


@dataclass(frozen=True)
class Recovery:
    """A landing that a killed run had begun, and that was ended: `forward` to the new tree, or `back` to the old."""

    id: str
    summary: str
    direction: Direction


def land_edits(root: Path, edits: Edits, *, summary: str, undoes: tuple[str, ...] = ()) -> str:
    """Land `edits` on the project in `root` and return the name of the change in the journal.

    Raises `InputError`, and changes nothing, if the project is not as it was when the edits were made, or cannot be
    written. Without any edits nothing happens, and the name is empty.
    """
    root = root.resolve()
    if not edits and not undoes:
        return ""
    recover(root)
    with _write_errors(root):
        check_base(root, edits)
        check_writable(root, edits, trusting=undoes != ())
    with _write_errors(root), records.locked(root):
        _recover(root)
        check_base(root, edits)
        entry = records.new_entry(root, edits, summary, undoes)
        mover = Mover(root, entry.id, edits)
        _prepare(entry, mover)
        _carry_out(entry, mover)
        if not undoes:  # taking back never costs what could be taken back next
            with contextlib.suppress(OSError):  # it has landed; the next landing removes what is too old
                records.prune(root, KEPT)
    return entry.id


def recover(root: Path) -> Recovery | None:
    """End what a killed run has begun, if there is something. Every verb calls this before it looks at a project."""
    root = root.resolve()
    with _write_errors(root):
        if not _is_unfinished(root):
            return None
        with records.locked(root):
            return _recover(root)


def check_base(root: Path, edits: Edits) -> None:
    """Raise `InputError` if the project is not the one that the edits were made on."""
    changed = changed_since(root, edits.base) if edits.base else ()
    differing = [edit.path for edit in edits if not _is_at(root, edit)]
    if problems := sorted({*changed, *differing}):
        raise InputError(
            f"the project was changed in the meantime, and nothing was written: {listed(problems)}",
            hint="run it again, on the project as it is now",
        )


def check_writable(root: Path, edits: Edits, *, trusting: bool) -> None:
    """Raise `InputError` if something must not be written: found out before anything is.

    Where there is no right to write for anybody, none is taken, although root could. Not so when `trusting`: then the
    modes are our own.
    """
    places = {_existing_parent(root, edit.path) for edit in edits}
    files = {root / edit.path for edit in edits if edit.before is not None and edit.before.kind == "file"}
    closed = [path for path in (*places, *files) if not _is_writable(path, trusting=trusting)]
    if problems := sorted(os.path.relpath(path, root) for path in closed):
        raise InputError(
            f"read-only, so nothing was written: {listed(problems)}",
            hint="give the right to write (chmod u+w, or chattr -i), then run it again",
        )


def listed(paths: list[str]) -> str:
    more = f" and {len(paths) - _LISTED} more" if len(paths) > _LISTED else ""
    return ", ".join(shown(path) for path in paths[:_LISTED]) + more


def _prepare(entry: Entry, mover: Mover) -> None:
    """Write all that is needed, so that from here on only names change; if that fails, remove it."""
    try:
        records.write_entry(entry)
        mover.stage()
    except BaseException:
        _forget(entry, mover)
        raise


def _carry_out(entry: Entry, mover: Mover) -> None:
    try:
        records.commit(entry, "forward")
        mover.forward()
        records.finish(entry, "forward")
    except BaseException as error:
        if records.is_done(entry.root, entry.id):
            if isinstance(error, KeyboardInterrupt):
                return  # it came too late; to say that nothing was written would not be true
            raise
        if not records.landing_of(entry.root).exists():
            _forget(entry, mover)
            raise
        _take_back(entry, mover)
        if isinstance(error, TouchedByOthers):
            message = f"{error.message} at the last moment; nothing was written"
            raise InputError(message, hint="run it again, on the project as it is now") from error
        raise


def _take_back(entry: Entry, mover: Mover) -> None:
    """Bring back what was moved. If this fails as well, the record stays, and the next run goes on from there."""
    moved = tuple(mover.done.values())
    try:
        records.commit(entry, "back")
        mover.back(moved)
        records.finish(entry, "back")
        _forget(entry, mover)
    except (OSError, FastwrightError) as error:
        raise InputError(
            f"landing was interrupted ({error}), and so was taking it back: some files are new and some are old",
            hint="remove what was in the way; then any command of Fastwright here brings all of them back",
        ) from error


def _is_unfinished(root: Path) -> bool:
    entries = records.entry_ids(root)
    return records.landing_of(root).exists() or any(not records.is_done(root, name) for name in entries)


def _recover(root: Path) -> Recovery | None:
    recovery = _end_landing(root)
    for name in records.entry_ids(root):
        if not records.is_done(root, name):
            _forget_leftover(root, name)
    return recovery


def _end_landing(root: Path) -> Recovery | None:
    landing = records.read_landing(root)
    if landing is None:
        return None
    entry_id, direction = landing
    entry = records.read_entry(root, entry_id)
    for edit in entry.edits:
        _check_place(root, edit)
    mover = Mover(root, entry.id, entry.edits)
    try:
        if direction == "forward":
            mover.forward()
            mover.discard()
        else:
            mover.back()
    except TouchedByOthers as error:
        raise InputError(
            f"a run was killed while it landed {entry.summary!r}; {error.message} since, so this cannot be ended",
            hint=f"move that file aside and run it again; its old and new contents are in {shown(entry.directory)}",
        ) from error
    records.finish(entry, direction)
    return Recovery(entry.id, entry.summary, direction)


def _forget(entry: Entry, mover: Mover) -> None:
    with contextlib.suppress(OSError):  # the next run does it otherwise
        mover.discard()
        records.remove_entry(entry.root, entry.id)


def _forget_leftover(root: Path, name: str) -> None:
    """Remove what a killed run had prepared and never committed."""
    with contextlib.suppress(InputError):  # killed before it was written: then nothing lies beside any file
        entry = records.read_entry(root, name)
        Mover(root, entry.id, entry.edits).discard()
    records.remove_entry(root, name)


def _is_at(root: Path, edit: Edit) -> bool:
    _check_place(root, edit)
    return read_state(root / edit.path) == edit.before


def _check_place(root: Path, edit: Edit) -> None:
    """Raise `InputError` if a path would lead somewhere else, through a link that took the place of a directory."""
    parent = (root / check_path(edit.path)).parent
    if os.path.realpath(parent) != str(parent):
        hint = "run it again, on the project as it is now"
        raise InputError(f"{shown(edit.path)} is reached through a link now; nothing was written", hint=hint)


def _existing_parent(root: Path, path: str) -> Path:
    return next(parent for parent in (root / path).parents if is_real_directory(parent))


def _is_writable(path: Path, *, trusting: bool) -> bool:
    if trusting:
        return True
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o222) and os.access(path, os.W_OK)


@contextlib.contextmanager
def _write_errors(root: Path) -> Generator[None]:
    """Tell what went wrong while writing, such as a full disk, as an `InputError`."""
    try:
        yield
    except OSError as error:
        place = f" ({shown(os.fsdecode(error.filename))})" if isinstance(error.filename, (str, bytes)) else ""
        raise InputError(
            f"{shown(root)} cannot be written: {error.strerror or error}{place}; nothing was changed",
            hint="make room or get the permission, then run it again",
        ) from error
