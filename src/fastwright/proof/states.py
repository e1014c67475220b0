"""What is at a path: a file, a directory or a link, with its mode. Nothing here ever follows a link.

Names of files are bytes to the kernel; they are kept as Python does it (`surrogateescape`), and `shown` is for people.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["file", "directory", "link", "other"]

# Set so that a stage can be worked in; what differs from the project by these alone has not been changed.
OWNER_BITS = {"file": 0o600, "directory": 0o700, "link": 0, "other": 0}


@dataclass(frozen=True)
class Imprint:
    """Enough of a state to tell whether it is still the same."""

    kind: Kind
    mode: int
    digest: str = ""


@dataclass(frozen=True)
class State:
    """What is at a path. `content` is that of a file, or the target of a link.

    Times and owners do not make a state another one, but are put back with it.
    """

    kind: Kind
    mode: int
    content: bytes = b""
    mtime: int | None = field(default=None, compare=False)
    owner: tuple[int, int] | None = field(default=None, compare=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def imprint(self) -> Imprint:
        return Imprint(self.kind, self.mode, self.digest if self.kind in {"file", "link"} else "")


def read_state(path: Path) -> State | None:
    """Return what is at `path`, or nothing if there is nothing."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    mode, owner = stat.S_IMODE(found.st_mode), (found.st_uid, found.st_gid)
    if stat.S_ISLNK(found.st_mode):
        return State("link", 0, os.fsencode(path.readlink()), found.st_mtime_ns, owner)
    if stat.S_ISDIR(found.st_mode):
        return State("directory", mode, b"", found.st_mtime_ns, owner)
    if not stat.S_ISREG(found.st_mode):
        return State("other", mode)
    # A link or a pipe could have taken the place: neither is followed or waited for.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return State("file", mode, file.read(), found.st_mtime_ns, owner)


def is_real_directory(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def shown(path: str | Path) -> str:
    """Return a path as it can be printed, whatever bytes its name has."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def flush(path: Path) -> None:
    """Wait until a file or directory is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
