"""Stage a project beside the place where it is to land, on the same file system, so that landing is one rename."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fastwright.errors import InputError

_LOCK = "lock"


@dataclass(frozen=True)
class Stage:
    """A hidden directory beside `target`: `project` is what lands, `scratch` is thrown away."""

    target: Path
    root: Path

    @property
    def project(self) -> Path:
        return self.root / "project"

    @property
    def scratch(self) -> Path:
        return self.root / "scratch"


@contextlib.contextmanager
def staged(target: Path) -> Generator[Stage]:
    """Yield a fresh stage for `target`, and remove it at the end.

    A killed run cannot remove its own, so the next run for the same target does. Which ones are still in use is told
    by a lock that the kernel takes back from the dead.
    """
    target = target.parent.resolve() / target.name
    check_target(target)
    with disk_errors(target), _one_at_a_time(target.parent):
        _remove_leftovers(target)
        stage, lock = _new_stage(target)
    try:
        with disk_errors(target):
            stage.project.mkdir()
            stage.scratch.mkdir()
        yield stage
    finally:
        shutil.rmtree(stage.root, ignore_errors=True)
        lock.close()


def check_target(target: Path) -> None:
    """Raise `InputError` unless `target` is free, or an empty directory, in a directory that can be written to."""
    parent = target.parent
    if not parent.is_dir():
        raise InputError(f"{parent} is not a directory", hint=f"create it: mkdir -p {parent}")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise InputError(f"{parent} cannot be written to", hint="choose another place with --directory")
    if target.is_symlink():
        raise InputError(f"{target} is a symbolic link", hint="remove it, or choose another name or --directory")
    if target.exists() and not target.is_dir():
        raise InputError(f"{target} is there already, and is a file", hint="remove it, or choose another name")
    if target.is_dir() and any(target.iterdir()):
        raise InputError(f"{target} is there already, and is not empty", hint="choose another name or --directory")


@contextlib.contextmanager
def disk_errors(target: Path) -> Generator[None]:
    """Tell what went wrong while writing for `target`, such as a full disk, as an `InputError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "make room or get the permission, or choose another place with --directory"
        raise InputError(f"{target} cannot be written: {reason}", hint=hint) from error


def _new_stage(target: Path) -> tuple[Stage, IO[bytes]]:
    root = target.parent / f".{target.name}.fastwright-{secrets.token_hex(4)}"
    root.mkdir(mode=0o700)
    lock = (root / _LOCK).open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return Stage(target, root), lock


def _remove_leftovers(target: Path) -> None:
    """Remove the stages that killed runs left behind. Raises `InputError` if one is in use: two would race."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.fastwright-[0-9a-f]{{8}}")
    for root in target.parent.iterdir():
        if not pattern.fullmatch(root.name) or root.is_symlink() or not root.is_dir():
            continue
        if _in_use(root):
            raise InputError(
                f"another run of Fastwright is writing {target} at this moment", hint="wait until it has ended"
            )
        shutil.rmtree(root, ignore_errors=True)


def _in_use(root: Path) -> bool:
    try:
        with (root / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False  # killed before it could lock; nobody else is this far, as there is one at a time
    except BlockingIOError:
        return True
    return False


@contextlib.contextmanager
def _one_at_a_time(parent: Path) -> Generator[None]:
    """Let one process at a time look for stages in `parent` and make its own."""
    descriptor = os.open(parent, os.O_RDONLY)
    try:
        # Where a directory cannot be locked (some network file systems), the rename still lets only one win.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
