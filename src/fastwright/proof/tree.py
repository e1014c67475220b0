"""What of a directory is the project: not what others wrote, and not what tools left behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from fastwright.errors import InputError
from fastwright.project.source import is_skipped
from fastwright.proof.states import Imprint, State, read_state, shown

STAGE_PREFIX = "fastwright-stage-"
JOURNAL = ".fastwright"
TEMPORARY = ".fastwright-"
LARGE = 5_000_000

_CACHES = frozenset({"__pycache__", ".cache", ".direnv", ".coverage", ".DS_Store"})
# A running app writes to these all the time; that does not make a proof of its code void.
_VOLATILE = (".db", ".sqlite", ".sqlite3", "-wal", "-shm", "-journal", ".log", ".pid")

LeaveOut = Callable[[str, str], object]


def walk(
    root: Path, leave_out: LeaveOut, *, large: int | None = LARGE, within: str = ""
) -> Iterator[tuple[str, State]]:
    """Yield everything below `root` that belongs to the project, directories before what is in them.

    No link is followed. What is not yielded for another reason than its name is told to `leave_out`.
    """
    for name in sorted(os.listdir(root / within)):  # noqa: PTH208 - names, not paths
        path = f"{within}/{name}" if within else name
        if is_foreign(root / path):
            continue
        state = _read(root, path, leave_out, large)
        if state is not None:
            yield path, relinked(root, path, state)
            if state.kind == "directory":
                yield from walk(root, leave_out, large=large, within=path)


def changed_since(root: Path, base: Mapping[str, Imprint]) -> tuple[str, ...]:
    """Return the paths that are not as they were when `base` was taken; the data of a running app may change."""
    now = {path: state.imprint for path, state in walk(root, lambda _path, _reason: None)}
    differing = (path for path in {*base, *now} if base.get(path) != now.get(path))
    return tuple(sorted(path for path in differing if not path.endswith(_VOLATILE)))


def is_foreign(path: Path) -> bool:
    """Tell whether something is no part of the project because of what it is: a cache, an environment, our journal."""
    name = path.name
    ours = name == JOURNAL or name.startswith((TEMPORARY, STAGE_PREFIX))
    return ours or is_cache(name) or is_skipped(path)


def is_cache(name: str) -> bool:
    """Tell whether tools make this again by themselves."""
    return name in _CACHES or name in {".mypy_cache", ".ruff_cache", ".pytest_cache"}


def relinked(root: Path, path: str, state: State) -> State:
    """Return a link so that it means the same in a copy: an absolute one would lead back to the original."""
    if state.kind != "link":
        return state
    target, start = os.fsdecode(state.content), (root / path).parent
    inside = _end_inside(root, root / path)
    stays = not target.startswith("/") and Path(os.path.normpath(start / target)).is_relative_to(root)
    if inside is None or stays:
        return state
    return State("link", 0, os.fsencode(os.path.relpath(inside, os.path.realpath(start))), state.mtime)


def check_path(path: str) -> str:
    """Return `path`. Raises `InputError` if a change must not go there, such as out of the project or into `.git`."""
    parts = path.split("/")
    if not path or "\0" in path or any(part in {"", ".", ".."} or is_foreign(Path(part)) for part in parts):
        raise InputError(f"{shown(path)!r} is no place for a change", hint="name a path inside the project")
    return path


def _read(root: Path, path: str, leave_out: LeaveOut, large: int | None) -> State | None:
    file = root / path
    try:
        size = file.lstat().st_size
        if large is not None and size > large and file.is_file():
            leave_out(path, f"{size / 1e6:.1f} MB of data")
            return None
        state = read_state(file)
        if state is not None and state.kind == "directory":
            os.listdir(file)  # noqa: PTH208 - only to learn whether it may be read
    except OSError as error:
        leave_out(path, f"cannot be read: {error.strerror or error}")
        return None
    if state is None or state.kind == "other":
        leave_out(path, "neither a file nor a directory")
        return None
    if state.kind == "link" and _end_inside(root, file) is None:
        leave_out(path, f"a link that leads out of the project, to {shown(os.fsdecode(state.content))}")
        return None
    return state


def _end_inside(root: Path, link: Path) -> Path | None:
    """Return where a link leads if that is in the project; a link that leads in a circle leads nowhere else."""
    end = Path(os.path.realpath(link))
    return end if end.is_relative_to(os.path.realpath(root)) else None
