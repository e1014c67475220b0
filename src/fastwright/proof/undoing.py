"""Take back what was landed: the edits of one change or of several, turned around, and landed as one.

So taking back is as safe as landing, and is refused as landing is if files were edited since; `keep_edits` takes back
the lines of the change that are as it left them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastwright.errors import InputError
from fastwright.proof.edits import Edit, Edits
from fastwright.proof.journal import land_edits, listed
from fastwright.proof.merging import take_out
from fastwright.proof.records import Entry, landed_entries
from fastwright.proof.states import State, read_state
from fastwright.proof.tree import is_cache


@dataclass(frozen=True)
class Taking:
    """What would be taken back: the changes, the newest first, and what that does. `kept` are paths that stay."""

    entries: tuple[Entry, ...]
    edits: Edits
    kept: tuple[str, ...]


def standing(root: Path) -> tuple[Entry, ...]:
    """Return the changes that have landed and were not taken back, the newest first."""
    entries = list(landed_entries(root))
    undone = {entry_id for entry in entries for entry_id in entry.undoes}
    return tuple(entry for entry in reversed(entries) if entry.id not in undone and not entry.undoes)


def plan_undo(root: Path, change: str | None = None, *, keep_edits: bool = False) -> Taking:
    """Return how the last change is taken back, or all down to `change`.

    Raises `InputError` if there is none, or if something that it changed was edited since.
    """
    root = root.resolve()
    entries = _chosen(standing(root), change)
    plan = _Plan(root, keep_edits=keep_edits)
    for entry in entries:
        for edit in entry.edits:
            plan.take_back(edit)
    plan.look_into_directories()
    if plan.edited:
        hint = "undo your edits, or take back only the lines that are unchanged, with --keep-edits"
        if keep_edits:
            hint = "these edits are on the lines of the change itself: undo them first"
        raise InputError(f"edited since, so nothing was taken back: {listed(sorted(plan.edited))}", hint=hint)
    return Taking(entries, plan.edits(), tuple(sorted(plan.kept)))


def undo(root: Path, taking: Taking) -> str:
    """Take back what was planned and return the name of that in the journal. Raises `InputError` as landing does."""
    summary = "undo " + ", ".join(entry.summary for entry in taking.entries)
    return land_edits(root, taking.edits, summary=summary, undoes=tuple(entry.id for entry in taking.entries))


def _chosen(entries: Sequence[Entry], change: str | None) -> tuple[Entry, ...]:
    if not entries:
        raise InputError("there is no change to take back", hint="name the project with --project DIR")
    if change is None:
        return (entries[0],)
    found = [number for number, entry in enumerate(entries) if change in {entry.id, entry.id.partition("-")[0]}]
    if not found:
        raise InputError(f"{change!r} is not a change that can be taken back", hint="see fastwright undo --list")
    return tuple(entries[: found[0] + 1])


@dataclass
class _Plan:
    """Where each path is going; later changes are taken back first, so each is seen as the one before left it."""

    root: Path
    keep_edits: bool
    now: dict[str, State | None] = field(default_factory=dict[str, "State | None"])
    then: dict[str, State | None] = field(default_factory=dict[str, "State | None"])
    edited: set[str] = field(default_factory=set[str])
    kept: set[str] = field(default_factory=set[str])

    def take_back(self, edit: Edit) -> None:
        path = edit.path
        if path not in self.then:
            self.now[path] = self.then[path] = read_state(self.root / path)
        current = self.then[path]
        if current == edit.after or (_is_directory(current) and _is_directory(edit.after) and edit.before is None):
            self.then[path] = edit.before
        elif current != edit.before:
            self._take_back_lines(edit, current)

    def look_into_directories(self) -> None:
        """Find what others have put into the directories that would go: these stay, or nothing is taken back."""
        going = [path for path, now in self.now.items() if _is_directory(now) and not _is_directory(self.then[path])]
        for path in sorted(going, key=lambda path: path.count("/"), reverse=True):
            staying = [f"{path}/{name}" for name in os.listdir(self.root / path) if not is_cache(name)]  # noqa: PTH208
            staying = [child for child in staying if child not in self.then or self.then[child] is not None]
            if not staying:
                continue
            self.then[path] = self.now[path]
            if self.keep_edits:
                self.kept.add(path)
            else:
                self.edited.update(child for child in staying if child not in self.then)

    def edits(self) -> Edits:
        changes = (Edit(path, self.now[path], self.then[path]) for path in sorted(self.then))
        return Edits(tuple(edit for edit in changes if edit.before != edit.after))

    def _take_back_lines(self, edit: Edit, current: State | None) -> None:
        """Take the lines of the change out of what the file is now, if that is asked for and can be done."""
        states = (edit.before, edit.after, current)
        before, after, now = states
        merged = None
        if self.keep_edits and before and after and now and all(state.kind == "file" for state in (before, after, now)):
            merged = take_out(before.content, after.content, now.content)
        if merged is None or before is None or after is None or now is None:
            self.edited.add(edit.path)
            return
        mode = before.mode if now.mode == after.mode else now.mode
        self.then[edit.path] = State("file", mode, merged)
        self.kept.add(edit.path)


def _is_directory(state: State | None) -> bool:
    return state is not None and state.kind == "directory"
