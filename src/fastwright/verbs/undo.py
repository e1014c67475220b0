"""`undo`: take back what was landed last, or everything down to one change."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fastwright.design.model import Frozen
from fastwright.errors import InputError
from fastwright.proof.edits import Edits
from fastwright.proof.journal import recover
from fastwright.proof.records import Entry, landed_entries
from fastwright.proof.states import shown
from fastwright.proof.undoing import plan_undo, standing
from fastwright.proof.undoing import undo as take_back


class UndoRequest(Frozen):
    """What to take back in `project`: the last change, or all down to `change`.

    With `keep_edits` the lines of a file that were edited since stay, instead of the undo being refused.
    """

    project: Path = Path()
    change: str | None = None
    keep_edits: bool = False
    dry_run: bool = False


class ChangedFile(Frozen):
    """What happens to one file or directory."""

    path: str
    kind: Literal["added", "changed", "removed"]


class LandedChange(Frozen):
    """A change in the journal. `status` is `undo` for one that took others back."""

    id: str
    summary: str
    time: str
    status: Literal["landed", "undone", "undo"]
    files: tuple[ChangedFile, ...]


class UndoResult(Frozen):
    """What was taken back, the newest first, and what that did. `kept` are paths with edits that stay."""

    changes: tuple[LandedChange, ...]
    files: tuple[ChangedFile, ...]
    kept: tuple[str, ...]
    diff: str
    landed: bool


def undo(request: UndoRequest) -> UndoResult:
    """Take back the last change, or several in order. Raises `InputError` if files were edited since."""
    root = _root(request.project)
    recover(root)
    taking = plan_undo(root, request.change, keep_edits=request.keep_edits)
    if not request.dry_run:
        take_back(root, taking)
    return UndoResult(
        changes=tuple(_landed(entry, "landed" if request.dry_run else "undone") for entry in taking.entries),
        files=_files(taking.edits),
        kept=tuple(shown(path) for path in taking.kept),
        diff=taking.edits.diff(),
        landed=not request.dry_run,
    )


def list_changes(project: Path) -> tuple[LandedChange, ...]:
    """Return the journal, the newest change first."""
    root = _root(project)
    recover(root)
    open_ids = {entry.id for entry in standing(root)}
    return tuple(
        _landed(entry, "undo" if entry.undoes else "landed" if entry.id in open_ids else "undone")
        for entry in reversed(tuple(landed_entries(root)))
    )


def _root(project: Path) -> Path:
    root = project.resolve()
    if not root.is_dir():
        raise InputError(f"{shown(project)} is not a directory", hint="name the project with --project DIR")
    return root


def _landed(entry: Entry, status: Literal["landed", "undone", "undo"]) -> LandedChange:
    return LandedChange(id=entry.id, summary=entry.summary, time=entry.time, status=status, files=_files(entry.edits))


def _files(edits: Edits) -> tuple[ChangedFile, ...]:
    return tuple(ChangedFile(path=shown(edit.path), kind=edit.kind) for edit in edits)
