"""Look at processes from outside."""

from __future__ import annotations

import os
import time
from pathlib import Path


def is_gone(pid: int, *, within: float = 5.0) -> bool:
    """Return whether a process has ended, or ends soon."""
    end = time.monotonic() + within
    while _is_alive(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def read_when_there(path: Path, *, within: float = 10.0) -> str:
    """Return what is in a file as soon as there is something."""
    end = time.monotonic() + within
    while not (path.exists() and path.read_text(encoding="utf-8").endswith("\n")):
        assert time.monotonic() < end
        time.sleep(0.01)
    return path.read_text(encoding="utf-8").strip()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")  # where there is one, a zombie does not count
    return not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
