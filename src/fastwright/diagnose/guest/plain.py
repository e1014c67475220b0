"""Values of the app as JSON can have them."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

_LONGEST = 2_000
_DEEPEST = 12


def plain(value: Any, depth: int = 0) -> Any:  # noqa: PLR0911 - one for each kind of value
    """Return a value as JSON can have it; what it cannot have becomes a text."""
    if isinstance(value, enum.Enum):
        return plain(value.value, depth)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, bytes):
        return value[:_LONGEST].decode("utf-8", "replace")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if depth < _DEEPEST and isinstance(value, dict):
        pairs: Any = value.items()  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        return {str(name): plain(one, depth + 1) for name, one in pairs}
    if depth < _DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
        items: Any = value  # pyright: ignore[reportUnknownVariableType]
        return [plain(one, depth + 1) for one in items]
    if hasattr(value, "filename") and hasattr(value, "content_type"):
        return {"filename": value.filename, "content_type": value.content_type}
    return _text(value)


def _text(value: Any) -> str:
    try:
        return str(value)[:_LONGEST]
    except Exception:  # noqa: BLE001 - a value of the app that cannot even be shown
        return type(value).__name__
