"""A place beside the target where a project is built and proven before anything of it is visible."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from fastwright.errors import InputError


@dataclass(frozen=True)
class Stage:
    """`project` becomes the target by one rename; `scratch` is thrown away."""

    target: Path
    project: Path
    scratch: Path


@contextlib.contextmanager
def stage_new_project(target: Path) -> Iterator[Stage]:
    """Yield a stage for `target`, on the same file system; whatever is left of it is removed at the end.

    What a killed run left behind is removed by the next one: each stage holds a lock for as long as its process lives.
    Raises `InputError` if the target is taken or cannot be made.
    """
    target = Path(target).absolute()
    require_free(target)
    _remove_leftovers(target)
    try:
        directory = Path(tempfile.mkdtemp(prefix=_prefix(target), dir=target.parent))
    except OSError as error:
        hint = f"make {target.parent} a directory that you can write to, or choose another with --directory"
        raise InputError(f"nothing can be written in {target.parent}: {error.strerror}", hint=hint) from error
    lock = FileLock(directory / "lock")
    try:
        with lock:
            stage = Stage(target, directory / target.name, directory / "scratch")
            stage.project.mkdir()
            stage.scratch.mkdir()
            yield stage
    except OSError as error:
        raise InputError(
            f"the staged copy could not be written: {error}", hint="is the disk full, or read-only?"
        ) from error
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def require_free(target: Path) -> None:
    """Raise `InputError` unless `target` is missing or an empty directory."""
    if not target.parent.is_dir():
        raise InputError(
            f"{target.parent} is not a directory", hint="make it first, or choose another with --directory"
        )
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputError(f"{target} is already there", hint="choose another name, or remove it")
    if target.is_dir() and any(target.iterdir()):
        raise InputError(
            f"{target} is not empty", hint="choose another name; a new project never writes into an old one"
        )


def _prefix(target: Path) -> str:
    return f".{target.name}.fastwright-"


def _remove_leftovers(target: Path) -> None:
    for leftover in target.parent.glob(f"{_prefix(target)}*"):
        with contextlib.suppress(Timeout, OSError), FileLock(leftover / "lock", timeout=0):
            shutil.rmtree(leftover, ignore_errors=True)
