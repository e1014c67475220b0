"""What makes the event loop wait: calls that are not async, made on the thread of the loop.

Python tells of each `time.sleep`, connection and process by an audit event, before it happens.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from fastwright.measure.driver.frames import Stacks

_CALLS = {
    "time.sleep": "time.sleep",
    "socket.connect": "a connection that is not async",
    "socket.getaddrinfo": "a connection that is not async",
    "subprocess.Popen": "a process",
    "os.system": "a process",
}
_CLIENTS = frozenset(
    {"requests", "httpx", "httpx2", "urllib3", "urllib", "http", "redis", "pymongo", "boto3", "botocore"}
)


class Waiting:
    """Listens for such calls; each place is kept once."""

    def __init__(self, stacks: Stacks) -> None:
        self._stacks = stacks
        self._found: dict[tuple[str, int], dict[str, Any]] = {}
        self._listens = False

    def listen(self) -> None:
        sys.addaudithook(self._hear)

    def start(self) -> None:
        self._found = {}
        self._listens = True

    def stop(self) -> list[dict[str, Any]]:
        self._listens = False
        return list(self._found.values())

    def note(self, what: str) -> None:
        """Note a call that is on the thread of the loop, from wherever in the app it comes."""
        stack = self._stacks.here()
        self._found.setdefault((what, stack), {"what": what, "stack": stack})

    def _hear(self, event: str, _arguments: tuple[Any, ...]) -> None:
        if self._listens and event in _CALLS and is_on_loop() and not _is_by_loop():
            self._listens = False  # what we do here raises events, too
            self.note(_client() or _CALLS[event])
            self._listens = True


def is_on_loop() -> bool:
    """Tell whether this is the thread of a running event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _is_by_loop() -> bool:
    """Tell what asyncio does itself: its sockets do not block."""
    frame = sys._getframe(2)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - documented
    return any(str(one.f_globals.get("__name__", "")).startswith("asyncio") for one in (frame, frame.f_back) if one)


def _client() -> str:
    frame = sys._getframe(2)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - documented
    found = ""
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        found = package if package in _CLIENTS else found
        frame = frame.f_back
    return f"a request with {found}" if found else ""
