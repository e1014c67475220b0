"""A watchman who outlives us: if we are killed, everything that we started is ended, too.

A child process in a group of its own survives its parent, and after `kill -9` nobody would end a server that a step
has started. So the groups are made known, over a pipe, to one small process. When the pipe closes, it ends those that
are still open, and then itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from types import TracebackType


class Guard:
    """Tells the watchman which process groups are open."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )
        self._lock = threading.Lock()

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process.stdin:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._process.wait()

    def watch(self, group: int) -> None:
        self._tell(f"+{group}\n")

    def release(self, group: int) -> None:
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        # Without a watchman the proof goes on: only a kill would then leave something behind.
        with self._lock, contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()


def watch_over() -> None:
    """Keep the list of open groups until the input ends, then end them."""
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        (groups.add if line.startswith("+") else groups.discard)(group)
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    watch_over()
