"""Where in the project rows were read, of which model, and which relations those have."""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any

_DEEPEST = 2


def selected(statement: Any, root: str) -> dict[str, Any] | None:
    """Return the place and the model of a statement that is being executed, or nothing if it reads no model."""
    kind = _model(statement)
    place = _place(root) if kind is not None else None
    return {**place, **_described(kind.__mapper__, _DEEPEST)} if kind is not None and place is not None else None


def _model(statement: Any) -> Any:
    for column in getattr(statement, "_raw_columns", ()):
        entity = getattr(column, "_annotations", {}).get("parententity")
        kind = getattr(entity, "class_", None)
        if hasattr(kind, "__mapper__"):
            return kind
    return None


def _described(mapper: Any, depth: int) -> dict[str, Any]:
    kind = mapper.class_
    relations = {one.key: _described(one.mapper, depth - 1) for one in mapper.relationships} if depth else {}
    return {"module": kind.__module__, "model": kind.__name__, "relations": relations}


def _place(root: str) -> dict[str, Any] | None:
    """Return the innermost line of the project; a greenlet, in which async engines run, begins a chain of its own."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - documented
    greenlet: Any = sys.modules["greenlet"].getcurrent() if "greenlet" in sys.modules else None
    while frame is not None or greenlet is not None:
        if frame is None:
            greenlet = getattr(greenlet, "parent", None)
            frame = getattr(greenlet, "gr_frame", None)
            if frame is None:
                return None
        file = os.path.realpath(frame.f_code.co_filename)
        if file.startswith(root) and "site-packages" not in file:
            return {"file": file, "line": frame.f_lineno, "function": frame.f_code.co_name}
        frame = frame.f_back
    return None
