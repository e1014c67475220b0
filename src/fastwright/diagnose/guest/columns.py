"""What a column takes: plausible values, another one in every row, and values that somebody gave in another type."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import re
import uuid
from typing import Any

from fastwright.project.probe.columns import python_type, row_uuid

# Moments at which something was over: a row that has none is alive.
_OVER = re.compile(r"delet|remov|return|clos|cancel|end|expir|archiv|revok|used|ban|lock|discharg|retir|finish|complet")
_PAST = dt.datetime(2024, 1, 15, 12, 0)  # noqa: DTZ001 - databases mostly store times without zones


def as_key(value: Any, kind: Any) -> Any:
    """Return a value of a request as a key of a table, if it can be one."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        if kind is int:
            number = int(str(value))
            return number if 0 <= number < 2**63 else None
        if kind is uuid.UUID:
            return uuid.UUID(str(value))
        if kind is str:
            return str(value) if 0 < len(str(value)) < 60 else None
    except ValueError:
        return None
    return None


def given_value(column: Any, value: Any) -> Any:
    """Return a value, as it was told, in the type of a column."""
    kind = python_type(column)
    if value is None or isinstance(value, bool):
        return value
    try:
        if kind in (dt.datetime, dt.date, dt.time):
            return kind.fromisoformat(str(value))
        if kind is decimal.Decimal:
            return decimal.Decimal(str(value))
        enums = getattr(column.type, "enum_class", None)
        if enums is not None:
            return next((one for one in enums if value in (one.value, one.name)), None)
    except ValueError:
        return None
    key = as_key(value, kind)
    return value if key is None else key


def privilege(column: Any) -> Any:
    """Return what makes a caller one who may do everything, where a column is about that."""
    name = column.name.lower()
    if python_type(column) is bool:
        if any(
            word in name for word in ("delet", "ban", "block", "lock", "disab", "archiv", "close", "retire", "expire")
        ):
            return False
        if name.startswith("is_") or name in ("active", "admin", "superuser", "staff", "enabled", "verified"):
            return True
    if name in ("role", "roles") and not getattr(column.type, "enums", None) and python_type(column) is str:
        return "admin"
    if name in ("role", "user_role", "kind", "type"):
        options = [str(one) for one in getattr(column.type, "enums", None) or ()]
        best = [one for one in options if one.lower() in ("admin", "superuser", "owner", "root", "administrator")]
        return _enum_value(column, best[0]) if best else None
    return None


def value_for(column: Any, number: int, key: Any = None) -> Any:
    """Return a value for a column; another one in every row, so that unique ones are."""
    kind = python_type(column)
    options = list(getattr(column.type, "enums", None) or ())
    suffix = f"{key if key is not None else number}"
    if options:
        return _enum_value(column, options[0])
    if column.nullable and kind in (dt.datetime, dt.date) and _OVER.search(column.name):
        return None
    makers: dict[Any, Any] = {
        int: lambda: number + 1,
        float: lambda: 10.0 + number,
        decimal.Decimal: lambda: decimal.Decimal(10 + number),
        bool: lambda: True,
        dt.datetime: lambda: _PAST + dt.timedelta(minutes=number),
        dt.date: lambda: _PAST.date() + dt.timedelta(days=number),
        dt.time: lambda: dt.time(12, 0),
        dt.timedelta: lambda: dt.timedelta(hours=1),
        uuid.UUID: lambda: row_uuid(number),
        bytes: suffix.encode,
        dict: dict,
        list: list,
    }
    return makers[kind]() if kind in makers else _text(column, suffix)


def _enum_value(column: Any, name: str) -> Any:
    kind = getattr(column.type, "enum_class", None)
    if kind is not None and issubclass(kind, enum.Enum):
        return kind[name] if name in kind.__members__ else next(iter(kind))
    return name


def _text(column: Any, suffix: str) -> str:
    name = column.name.lower()
    text = f"row-{suffix}@example.com" if "mail" in name else f"row-{suffix}"
    length = getattr(column.type, "length", None)
    return text[-length:] if length else text
