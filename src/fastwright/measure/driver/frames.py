"""Where in the app a statement comes from: the frames of its own code, and what each was just evaluating.

SQLAlchemy runs the drivers of async engines in a greenlet of its own, at which the chain of frames ends; it goes on in
the parent. From the first frame of the framework outwards there is nothing but middleware.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
from types import CodeType, FrameType
from typing import Any

_FRAMEWORK = frozenset({"fastapi", "starlette", "anyio", "asyncio", "concurrent", "threading"})
_MOST = 12
# The number of the stack without a frame of the app.
NOWHERE = 0

# File, line, column, end line, end column (columns in bytes of UTF-8, or -1), qualified name.
Place = tuple[str, int, int, int, int, str]


class Stacks:
    """Reads stacks; each is kept once, and told by its number."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root) + os.sep
        self._own: dict[str, str] = {}
        self._places: dict[tuple[CodeType, int], Place] = {}
        self._lock = threading.Lock()
        self._numbers: dict[tuple[Place, ...], int] = {(): NOWHERE}

    @property
    def seen(self) -> list[list[Place]]:
        """Every stack by its number, each with the innermost frame first."""
        return [list(stack) for stack in self._numbers]

    def here(self) -> int:
        """Return the number of the stack of whoever called us."""
        found: list[Place] = []
        frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - documented, and cheap
        greenlet: Any = _current_greenlet()
        while len(found) < _MOST:
            if frame is None:
                greenlet = getattr(greenlet, "parent", None)
                frame = getattr(greenlet, "gr_frame", None)
                if frame is None:
                    break
            file = self.own(frame.f_code.co_filename)
            if file:
                found.append(self._place(frame, file))
            elif _package(frame) in _FRAMEWORK:
                break
            frame = frame.f_back
        with self._lock:
            return self._numbers.setdefault(tuple(found), len(self._numbers))

    def own(self, file: str) -> str:
        """Return a file relative to the project, or nothing if it is not the project's."""
        known = self._own.get(file)
        if known is None:
            real = os.path.realpath(file)
            inside = real.startswith(self._root) and "site-packages" not in real and not file.startswith("<")
            known = self._own[file] = real[len(self._root) :].replace(os.sep, "/") if inside else ""
        return known

    def _place(self, frame: FrameType, file: str) -> Place:
        key = (frame.f_code, frame.f_lasti)
        if key not in self._places:
            self._places[key] = _evaluated(frame, file)
        return self._places[key]


def _evaluated(frame: FrameType, file: str) -> Place:
    code = frame.f_code
    name = getattr(code, "co_qualname", code.co_name)
    if hasattr(code, "co_positions") and frame.f_lasti >= 0:
        line, end_line, column, end_column = next(
            itertools.islice(code.co_positions(), frame.f_lasti // 2, None), (None, None, None, None)
        )
        if line is not None and column is not None and end_line is not None and end_column is not None:
            return file, line, column, end_line, end_column, name
    return file, frame.f_lineno or code.co_firstlineno, -1, -1, -1, name


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _current_greenlet() -> Any:
    module = sys.modules.get("greenlet")
    return module.getcurrent() if module is not None else None
