"""What the columns of an app's tables hold, for those who write rows into a scratch database."""

from __future__ import annotations

import re
import uuid
from typing import Any

_OVER = re.compile(
    r"(delet|archiv|revok|ban|disabl|cancel|lock|block|suspend|remov|retir|return|end|finish|clos)\w*_?(at|on|date|time)$"
)
_LITERAL = re.compile(r"(?:'([^']*)'(?:::[\w ]+)?|(\d+|true|false))$", re.IGNORECASE)
# SQLite takes digits alone for a number, in columns of types that it does not know. The keys come before random ones.
_FIRST = 0xA << 64


def row_uuid(number: int) -> uuid.UUID:
    """Return the key of a row, by its number, for who writes the row and for who asks about it."""
    return uuid.UUID(int=_FIRST + number)


def python_type(column: Any) -> Any:
    """Return the type of the values of a column, or `str`; a type that wraps another one may not tell by itself."""
    for kind in (column.type, getattr(column.type, "impl", column.type)):
        try:
            found = kind.python_type
        except NotImplementedError:
            continue
        if found is not object:
            return found
    return str


def fixed_default(column: Any) -> Any:
    """Return the default of a column, or that of the database, if it is a value and not a function or an expression."""
    default = getattr(column, "default", None)
    if default is None:
        return _of_database(column)
    return default.arg if getattr(default, "is_scalar", False) else None


def _of_database(column: Any) -> Any:
    """Return the default that the database has for a column: texts are literals, and SQL may be one."""
    said: Any = getattr(getattr(column, "server_default", None), "arg", None)
    literal = None if isinstance(said, str) else _LITERAL.match(str(getattr(said, "text", "")).strip())
    text = said if isinstance(said, str) else (literal[1] or literal[2] or "") if literal else None
    kind = python_type(column)
    if text is None or kind not in (str, bool, int):
        return None
    if kind is bool:
        return text.lower() in ("1", "t", "true")
    return text if kind is str else int(text) if text.isdigit() else None


def marks_end(column: Any) -> bool:
    """Tell a column that says, by having a value, that its row is over: a row that is alive has none."""
    return bool(column.nullable and _OVER.search(column.name.lower()))
