"""Copy a project that exists, so that a change is made and proven on the copy.

What others wrote and what tools left behind stays out: environments, caches, version control. Links are kept if they
lead to something in the project, and are never followed. What is left out for another reason is told.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from fastwright.errors import InputError
from fastwright.proof.edits import Edit, Edits
from fastwright.proof.journal import recover
from fastwright.proof.records import generation
from fastwright.proof.staging import Stage
from fastwright.proof.states import OWNER_BITS, Imprint, State, read_state, shown
from fastwright.proof.tree import STAGE_PREFIX, relinked, walk

_LOCK = "lock"
_ABANDONED_SECONDS = 60.0
_TRIES = 5


@dataclass(frozen=True)
class LeftOut:
    """Something of the project that is not in the copy, and why."""

    path: str
    reason: str

    def describe(self) -> str:
        return f"{shown(self.path)}: {self.reason}"


@dataclass(frozen=True)
class ProjectCopy:
    """A copy to work on: `project`. `base` is what the project was when it was copied."""

    stage: Stage
    base: Mapping[str, Imprint]
    left_out: tuple[LeftOut, ...]

    @property
    def project(self) -> Path:
        return self.stage.project

    def edits(self) -> Edits:
        """Return how the copy differs from the project. Raises `InputError` for what cannot land."""
        now = {path: state.imprint for path, state in walk(self.project, _cannot_land, large=None)}
        differing = sorted(path for path in {*self.base, *now} if not _is_same(self.base.get(path), now.get(path)))
        return Edits(tuple(Edit(path, self._before(path), self._after(path)) for path in differing), self.base)

    def _before(self, path: str) -> State | None:
        """Return what the project has at `path`, which must be what was copied: the edit is based on that."""
        imprint = self.base.get(path)
        if imprint is None:
            return None
        state = read_state(self.stage.target / path)
        if state is None or relinked(self.stage.target, path, state).imprint != imprint:
            raise InputError(
                f"{shown(path)} was changed while the change was being prepared; nothing was written",
                hint="run it again, on the project as it is now",
            )
        return state

    def _after(self, path: str) -> State | None:
        """Return the new state, as one of this moment, and without what only the stage needed."""
        state, base = read_state(self.project / path), self.base.get(path)
        if state is None:
            return None
        only_staged = base is not None and state.kind == base.kind and state.mode == base.mode | OWNER_BITS[base.kind]
        return State(state.kind, base.mode if base is not None and only_staged else state.mode, state.content)


@contextlib.contextmanager
def copy_project(root: Path) -> Generator[ProjectCopy]:
    """Yield a copy of the project in `root`, and remove it at the end. Raises `InputError` if it cannot be made.

    A landing that was interrupted is ended first, and one that happens meanwhile makes us copy again.
    """
    root = root.resolve()
    if not root.is_dir():
        raise InputError(f"{shown(root)} is not a directory", hint="name the project with --project DIR")
    _remove_abandoned()
    place = _new_place(root)
    try:
        with _reserved(place):
            yield _copied(Stage(root, place))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _new_place(root: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=STAGE_PREFIX)).resolve()
    except OSError as error:
        raise _no_copy(root, Path(tempfile.gettempdir()), error) from error


def _copied(stage: Stage) -> ProjectCopy:
    for _try in range(_TRIES):
        recover(stage.target)
        before = generation(stage.target)
        left_out: list[LeftOut] = []
        try:
            base = _copy(stage, left_out)
        except OSError as error:
            raise _no_copy(stage.target, stage.root.parent, error) from error
        if generation(stage.target) == before:
            return ProjectCopy(stage, MappingProxyType(base), tuple(left_out))
        shutil.rmtree(stage.project)
    raise InputError(
        f"{shown(stage.target)} is being changed by other runs all the time", hint="wait until they have ended"
    )


def _copy(stage: Stage, left_out: list[LeftOut]) -> dict[str, Imprint]:
    base: dict[str, Imprint] = {}
    times: list[tuple[Path, int]] = []
    stage.scratch.mkdir(exist_ok=True)
    stage.project.mkdir()
    for path, state in walk(stage.target, lambda path, reason: left_out.append(LeftOut(path, reason))):
        base[path] = state.imprint
        copy = stage.project / path
        _write(copy, state)
        if state.mtime is not None:
            times.append((copy, state.mtime))
    for copy, mtime in reversed(times):
        os.utime(copy, ns=(mtime, mtime), follow_symlinks=False)
    return base


def _write(copy: Path, state: State) -> None:
    if state.kind == "link":
        copy.symlink_to(os.fsdecode(state.content))
        return
    if state.kind == "directory":
        copy.mkdir()
    else:
        copy.write_bytes(state.content)
    copy.chmod(state.mode | OWNER_BITS[state.kind])


def _is_same(base: Imprint | None, now: Imprint | None) -> bool:
    if base is None or now is None:
        return base is now
    return now in {base, Imprint(base.kind, base.mode | OWNER_BITS[base.kind], base.digest)}


def _cannot_land(path: str, reason: str) -> NoReturn:
    raise InputError(f"the change makes {shown(path)}, which cannot land: {reason}", hint="make a file of it")


def _no_copy(root: Path, place: Path, error: OSError) -> InputError:
    return InputError(
        f"{shown(root)} cannot be copied: {error.strerror or error}",
        hint=f"make room in {shown(place)}, or set TMPDIR to another place",
    )


@contextlib.contextmanager
def _reserved(place: Path) -> Generator[None]:
    """Hold a lock on a stage, which the kernel takes back from the dead."""
    with (place / _LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _remove_abandoned() -> None:
    """Remove the stages that killed runs left behind."""
    for place in Path(tempfile.gettempdir()).glob(f"{STAGE_PREFIX}*"):
        with contextlib.suppress(OSError):
            found = place.lstat()
            if found.st_uid != os.geteuid() or found.st_mtime > time.time() - _ABANDONED_SECONDS:
                continue
            with (place / _LOCK).open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place, ignore_errors=True)
