"""Where the time of a request goes: a thread looks at the stacks of all others, a thousand times a second.

It is written here, and not one of the profilers on the package index, since it has to run in the interpreter of the
app, whatever its version, where none may be installed: theirs are compiled for one version each, or attach to another
process, which containers forbid. It looks at stacks only, and so slows the app down by little.
"""

from __future__ import annotations

import linecache
import re
import sys
import threading
import time
from collections import Counter
from types import FrameType
from typing import Any

from fastwright.measure.driver.frames import Stacks

_INTERVAL = 0.001
_SWITCH = 0.0005
_DATABASE = frozenset(
    {
        "sqlalchemy",
        "sqlmodel",
        "sqlite3",
        "aiosqlite",
        "asyncpg",
        "psycopg",
        "psycopg2",
        "pymysql",
        "aiomysql",
        "greenlet",
    }
)
_SERIALISATION = frozenset({"pydantic", "pydantic_core", "json", "orjson", "ujson", "msgspec"})
_SERIALISING = frozenset({"serialize_response", "jsonable_encoder", "_serialize_data", "render"})
_VALIDATING = ("fastapi._compat", "fastapi.encoders", "fastapi.dependencies")
_HASHING = frozenset({"passlib", "pwdlib", "argon2", "bcrypt"})
# Most hashes are computed in C, which has no frame: then it is the line of the app that calls them.
_HASHES = re.compile(r"\b(bcrypt|argon2|scrypt|pbkdf2\w*|checkpw|hashpw|pwd_context|hash_password|verify_password)\b")
_FRAMEWORK = frozenset({"fastapi", "starlette", "anyio", "asyncio", "uvicorn", "concurrent", "contextlib"})
_IDLE = frozenset({"select", "poll", "wait", "get", "_worker", "acquire"})
_IDLE_MODULES = frozenset({"selectors", "queue", "threading", "asyncio", "anyio", "concurrent"})


class Sampler:
    """Looks while it is entered; `loop` is the thread of the event loop."""

    def __init__(self, stacks: Stacks) -> None:
        self._stacks = stacks
        self._loop = threading.get_ident()
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._parts: Counter[str] = Counter()
        self._lines: Counter[tuple[str, int, str]] = Counter()
        self._blocking: Counter[tuple[str, int, str]] = Counter()
        self._looks = 0
        self._seconds = 0.0

    def __enter__(self) -> Sampler:
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH)
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._began = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        if self._thread is not None:
            self._thread.join()
        self._seconds = time.perf_counter() - self._began
        sys.setswitchinterval(self._switch)

    def told(self, requests: int) -> dict[str, Any]:
        """Return the parts of a request's time, the lines of the app in it, and what kept the event loop waiting."""
        each = self._seconds / max(self._looks, 1) / max(requests, 1)
        return {
            "parts": {part: count * each for part, count in self._parts.items()},
            "lines": [[*line, count * each] for line, count in self._lines.most_common(5)],
            "blocking": [[*line, count * each] for line, count in self._blocking.most_common(3)],
        }

    def _look(self) -> None:
        own = threading.get_ident()
        while not self._end.wait(_INTERVAL):
            frames = {thread: frame for thread, frame in sys._current_frames().items() if thread != own}  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - documented
            self._looks += 1
            busy = [(thread, frame) for thread, frame in frames.items() if not _is_idle(frame)]
            # A worker does something for the request, or the event loop itself does.
            thread, frame = max(busy, key=lambda one: one[0] != self._loop, default=(0, None))
            if frame is None:
                self._parts["waiting"] += 1
                continue
            self._note(frame, on_loop=thread == self._loop)

    def _note(self, frame: FrameType, *, on_loop: bool) -> None:
        part, line = self._read(frame)
        self._parts[part] += 1
        if line is not None:
            self._lines[line[0], line[1], part] += 1
            if on_loop and part in ("application", "hashing"):
                self._blocking[line[0], line[1], part] += 1

    def _read(self, innermost: FrameType) -> tuple[str, tuple[str, int] | None]:
        """Return the part that a stack belongs to, and the innermost line of the app in it."""
        part = ""
        frame: FrameType | None = innermost
        while frame is not None:
            file = self._stacks.own(frame.f_code.co_filename)
            if file:
                return part or _own_part(frame), (file, frame.f_lineno or 0)
            part = part or _part(str(frame.f_globals.get("__name__", "")), frame.f_code.co_name)
            frame = frame.f_back
        return part or "framework", None


def _part(module: str, function: str) -> str:
    package = module.partition(".")[0]
    if package in _DATABASE:
        return "database"
    if package in _HASHING:
        return "hashing"
    if package in _SERIALISATION or function in _SERIALISING or module.startswith(_VALIDATING):
        return "serialisation"
    return "framework" if package in _FRAMEWORK else ""


def _own_part(frame: FrameType) -> str:
    code = linecache.getline(frame.f_code.co_filename, frame.f_lineno or 0)
    return "hashing" if _HASHES.search(code) else "application"


def _is_idle(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return frame.f_code.co_name in _IDLE and module in _IDLE_MODULES
