"""A project brought up to date: which operations do it, found out on a copy in which they were tried."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastwright.changes import AddFile, Change
from fastwright.changes.operation import Operation
from fastwright.changes.remove_file import RemoveFile
from fastwright.changes.write_file import WriteFile
from fastwright.errors import InputError
from fastwright.proof.difference import difference
from fastwright.proof.environment import Environment
from fastwright.proof.ground import Ground
from fastwright.proof.guard import Guard
from fastwright.proof.lockfile import Manifest
from fastwright.proof.model import StepFailed
from fastwright.proof.sandbox import Sandbox
from fastwright.scaffold.record import RECORD, Record
from fastwright.scaffold.revising import INI, INITIAL, Revised, Tables, conflicts, revised
from fastwright.scaffold.upgrading import Conflict, Files, Plan, plan_files

_LOCK = "uv.lock"
_SECONDS = 900.0


@dataclass(frozen=True)
class Merge:
    """What is to be done, and the interpreter that has what the project needs after it.

    `merged` are the files that have edits and changes of the template; where there are `conflicts`, nothing is done.
    """

    operations: tuple[Operation, ...] = ()
    python: Path | None = None
    conflicts: tuple[Conflict, ...] = ()
    merged: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    revision: str = ""
    has_new_dependencies: bool = False


def merged_project(ground: Ground, scratch: Path, old: Record, new: Record, keep: frozenset[str]) -> Merge:
    """Return what brings the project of `ground` from `old` to `new`; `scratch` takes the copies that are tried."""
    project = ground.copy.project
    plan, now = merged_files(project, old, new, keep)
    operations = [*_operations(plan, now, new.files)]
    tree = scratch / "merged"
    shutil.copytree(project, tree, symlinks=True)
    Change(summary="", operations=tuple(operations)).apply(tree)
    python, lock = _environment(ground, tree, scratch)
    operations += lock
    found = _revised(ground, tree, scratch, (old, new), python)
    if found.revision is not None:
        operations.append(found.revision)
    operations.append(_written(project, RECORD, new.text()))
    return Merge(
        operations=() if found.conflicts else tuple(operations),
        python=python,
        conflicts=found.conflicts,
        merged=tuple(plan.merged),
        notes=tuple(plan.notes),
        risks=found.risks,
        revision=found.revision.path if found.revision else "",
        has_new_dependencies=bool(lock),
    )


def merged_files(
    project: Path, old: Record, new: Record, keep: frozenset[str]
) -> tuple[Plan, Mapping[PurePosixPath, bytes]]:
    """Return what becomes of each file of `project`, and what those hold that either side names."""
    now = {path: file.read_bytes() for path in {*old.files, *new.files} if (file := project / path).is_file()}
    return plan_files(old.files, new.files, now, keep), now


def lay_out(files: Files, place: Path) -> Path:
    """Write files below `place`."""
    for path, text in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return place


def _operations(plan: Plan, now: Mapping[PurePosixPath, bytes], new: Files) -> Iterator[Operation]:
    for path, content in sorted(plan.writes.items()):
        there = now.get(PurePosixPath(path))
        if there is None:
            is_script = new.get(PurePosixPath(path), "").startswith("#!")
            yield AddFile(path=path, content=content, executable=is_script)
        else:
            yield WriteFile(path=path, content=content, replaces=_digest(there))
    for path in sorted(plan.removes):
        yield RemoveFile(path=path, holds=_digest(now[PurePosixPath(path)]))


def _written(project: Path, path: str, content: str) -> Operation:
    file = project / path
    if not file.exists():
        return AddFile(path=path, content=content)
    return WriteFile(path=path, content=content, replaces=_digest(file.read_bytes()))


def _environment(ground: Ground, tree: Path, scratch: Path) -> tuple[Path, list[Operation]]:
    """Return the interpreter to prove with: the project's own, unless there are other dependencies from now on."""
    if Manifest.read(tree).fingerprint() == Manifest.read(ground.copy.project).fingerprint():
        return ground.python, []
    environment = Environment.of(tree)
    place = scratch / "environment"
    place.mkdir()
    shutil.copyfile(tree / "pyproject.toml", place / "pyproject.toml")
    with Guard() as guard:
        try:
            environment.prepare(Sandbox(place, scratch, time.monotonic() + _SECONDS, guard, threading.Event()))
        except StepFailed as error:
            hint = "check the network and the package index (UV_DEFAULT_INDEX), then run it again"
            raise InputError(f"the new dependencies cannot be installed: {error}", hint=hint) from error
    lock = (place / _LOCK).read_text(encoding="utf-8")
    return environment.python, [_written(ground.copy.project, _LOCK, lock)]


def _revised(ground: Ground, tree: Path, scratch: Path, records: tuple[Record, Record], python: Path) -> Revised:
    """Return the revision that is needed, if the templates make other tables than before."""
    old, new = records
    if old.files.get(INITIAL) == new.files.get(INITIAL):
        return Revised()
    original = ground.copy.stage.target
    summary = "what the design became" if old.design != new.design else f"Fastwright {new.version}"
    tables = Tables(
        *(
            difference(lay_out(record.files, scratch / name), original, python, INI, models=False).checks
            for name, record in (("base", old), ("today", new))
        )
    )
    found = revised(tree, difference(tree, original, python, INI), tables, new.design, summary)
    if found.conflicts:
        return found
    if found.revision is not None:
        found.revision.apply(tree)
    missing = conflicts(tables.missing(difference(tree, original, python, INI, models=False).checks))
    return Revised(conflicts=missing) if missing else found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
