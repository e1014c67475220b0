"""A plausible value for a column of a row: always the same one for the same row, so that two runs can be compared."""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import enum
import hashlib
import re
import uuid
from collections.abc import Callable
from typing import Any

from fastwright.project.probe.columns import fixed_default, marks_end
from fastwright.project.probe.foreign import foreign

_NO = re.compile(
    r"delet|archiv|hidden|disabl|banned|block|lock|suspend|inactive|revok|expired|cancel|removed|draft|used|retired"
)
_YES = re.compile(r"active|enabled|verified|published|visible|public|available|approved|confirmed")
_PRIVILEGED = re.compile(r"^(is_)?(super|admin|staff|owner|root)", re.IGNORECASE)
_LATER = re.compile(r"expir|valid_until|due|ends?_")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

NOTHING = object()
_KNOWN = (int, float, decimal.Decimal, dt.date, dt.time, dt.timedelta, uuid.UUID, bytes, dict, list, str)


class Values:
    """Makes values; `today` is when the run began, so that what is recent is so in both runs."""

    def __init__(self, today: str, hints: dict[Any, Any]) -> None:
        self._today = dt.datetime.fromisoformat(today)
        self._hints = hints

    def of(self, column: Any, row: int, *, unique: bool) -> Any:
        """Return the value of `column` in a row, `None` for no value, or `NOTHING` to leave it to the database."""
        if getattr(column, "computed", None) is not None:
            return NOTHING
        name = str(column.name).lower()
        if marks_end(column):
            return None
        kind = _plain(column.type)
        fixed = fixed_default(column)
        if fixed is not None and not unique and not isinstance(fixed, bool) and not isinstance(kind, _enum_type()):
            return fixed
        value = self._by_type(column, kind, name, row, unique=unique)
        if value is None and not column.nullable:
            return fixed if fixed is not None else _text(name, row, None, unique=unique)
        return value

    def _by_type(self, column: Any, kind: Any, name: str, row: int, *, unique: bool) -> Any:
        hint = self._hints.get(column)
        if isinstance(kind, _enum_type()):
            return _member(kind, fixed_default(column), row)
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return _in_turn(list(hint), row)
        python = _python_type(kind) if kind is column.type else _own_type(column, kind, hint)
        makers: list[tuple[Any, Callable[[Any], Any]]] = [
            (bool, lambda _python: _flag(name, row, fixed_default(column))),
            ((int, float, decimal.Decimal), lambda python: _number(kind, python, name, row, unique=unique)),
            ((dt.datetime, dt.date, dt.time, dt.timedelta), lambda python: self._moment(kind, python, name, row)),
            (uuid.UUID, lambda _python: _uuid(f"{column.table}.{name}.{row}", kind)),
            (bytes, lambda _python: f"{name} {row}".encode()),
            ((dict, list), lambda python: _container(hint, python, fixed_default(column))),
            (object, lambda _python: _text(name, row, getattr(kind, "length", None), unique=unique)),
        ]
        return None if python is None else next(make(python) for base, make in makers if issubclass(python, base))

    def _moment(self, kind: Any, python: Any, name: str, row: int) -> Any:
        if issubclass(python, dt.timedelta):
            return dt.timedelta(minutes=row + 1)
        if issubclass(python, dt.time):
            return dt.time(row % 24, row // 24 % 60)
        ahead = dt.timedelta(days=365) if _LATER.search(name) else dt.timedelta()
        moment = self._today + ahead - dt.timedelta(minutes=row + 1)
        if issubclass(python, dt.datetime):
            return moment.replace(tzinfo=dt.timezone.utc) if getattr(kind, "timezone", False) else moment  # noqa: UP017 - Python 3.9
        return (self._today + ahead - dt.timedelta(days=row + 1)).date()


def is_flag(column: Any) -> bool:
    """Tell a column with a handful of values, for which an index is of no use."""
    kind = _plain(column.type)
    return isinstance(kind, _enum_type()) or (_python_type(kind) is bool)


def _plain(kind: Any) -> Any:
    """Return the type below a type that an app has made itself."""
    is_own = not type(kind).__module__.startswith("sqlalchemy")
    return getattr(kind, "impl_instance", getattr(kind, "impl", kind)) if is_own else kind


def _enum_type() -> Any:
    return foreign("sqlalchemy").Enum


def _own_type(column: Any, kind: Any, hint: Any) -> Any | None:
    """Return what a type that the app has made itself takes: as its model says, its default, its name, or its base."""
    default = getattr(column, "default", None)
    sample: Any = None
    if default is not None and getattr(default, "is_callable", False):
        with contextlib.suppress(Exception):  # it may want to know of a statement that there is not
            sample = default.arg(None)
    named = uuid.UUID if re.search("guid|uuid", type(column.type).__name__, re.IGNORECASE) else None
    sampled: Any = sample.__class__
    for found in (hint, sampled, named):
        if isinstance(found, type) and issubclass(found, _KNOWN):
            return found  # pyright: ignore[reportUnknownVariableType] - of containers it does not matter what is in them
    return _python_type(kind)


def _python_type(kind: Any) -> Any | None:
    try:
        python = kind.python_type
    except NotImplementedError:
        return None
    return python if isinstance(python, type) else None


def _flag(name: str, row: int, default: Any) -> bool:
    """Return what lets a row be seen; where the name does not tell what that is, some rows are so and some are not."""
    if _PRIVILEGED.search(name):
        return row == 0
    if _NO.search(name) or _YES.search(name):
        return not _NO.search(name)
    usual = default if isinstance(default, bool) else True
    return usual if row % 4 < 2 else not usual


def _member(kind: Any, default: Any, row: int) -> Any:
    members: list[Any] = list(kind.enum_class) if getattr(kind, "enum_class", None) is not None else list(kind.enums)
    return _in_turn(members, row) if members else default


def _in_turn(members: list[Any], row: int) -> Any:
    """Return one member after the other; the first row is the caller, and has what may do most."""
    if row == 0:
        named = [(one.name if isinstance(one, enum.Enum) else str(one), one) for one in members]
        return next((one for name, one in named if _PRIVILEGED.search(name)), members[0])
    return members[row % len(members)]


def _number(kind: Any, python: Any, name: str, row: int, *, unique: bool) -> Any:
    if "percent" in name or "rating" in name or "score" in name:
        row = row if unique else row % 5
    if issubclass(python, int):
        return row + 1
    scale = getattr(kind, "scale", None)
    precision = getattr(kind, "precision", None)
    whole = precision - (scale or 0) if precision is not None and not issubclass(python, float) else 9
    value = (row + 1) % (10 ** max(min(whole, 9), 0)) if whole > 0 else 0
    return python(value)


def _uuid(seed: str, kind: Any) -> Any:
    value = uuid.UUID(bytes=hashlib.md5(seed.encode()).digest(), version=4)  # noqa: S324 - not for secrets
    return value if getattr(kind, "as_uuid", True) else str(value)


def _container(hint: Any, python: Any, default: Any) -> Any:
    """Return the default, or an empty list or mapping, as the annotation of the model says where there is one."""
    if default is not None:
        return default
    told = str(hint).lower()
    return [] if "list" in told or "set[" in told or issubclass(python, list) else {}


def _text(name: str, row: int, length: int | None, *, unique: bool) -> str:
    number = row + 1
    if "email" in name:
        text = f"user{number}@example.com"
    elif "url" in name or "link" in name or "website" in name:
        text = f"https://example.com/{number}"
    elif name in ("role", "roles") and row == 0:
        text = "admin"
    elif "currency" in name and not unique:
        text = "EUR"
    elif "phone" in name:
        text = f"+4930{number:07d}"
    elif "slug" in name:
        text = f"{name.replace('_', '-')}-{number}"
    elif name.endswith(("code", "key", "sku", "username", "login", "token", "hash")):
        text = f"{name.replace('_', '')}{number}"  # as strict patterns take it
    else:
        text = f"{name.replace('_', ' ')} {number}"
    if length is None or len(text) <= length:
        return text
    return _short(number, length)


def _short(number: int, length: int) -> str:
    digits = ""
    while number and len(digits) < length:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits.rjust(length, "a")
