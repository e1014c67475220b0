"""Dates and times as people write them, as ISO 8601 has them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

_DAYS: Sequence[str] = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d %Y",
    "%d.%m.%y",
    "%m/%d/%y",
)
_TIMES: Sequence[str] = ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M:%S %p", "%I %p", "%Hh%M", "%H.%M", "%H%M")


def day(value: object) -> str:
    """Return a date. Raises `ValueError` if that cannot be told."""
    text = str(value).strip()
    if match := re.match(r"\d{4}-\d{2}-\d{2}(?=[T ])", text):
        return match.group()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _real(*(int(part) for part in match.groups())).isoformat()
    return _parsed(text, _DAYS).date().isoformat()


def moment(value: object) -> str:
    """Return a date with a time. Raises `ValueError` if that cannot be told."""
    text = str(value).strip()
    try:
        return dt.datetime.fromisoformat(text).isoformat()
    except ValueError:
        date, _space, time = re.sub(r",? +(at )?", " ", text).partition("T" if "T" in text else " ")
    try:
        return f"{day(date)}T{time_of_day(time) if time.strip() else '00:00:00'}"
    except ValueError:
        found = _parsed(text, [f"{one} {other}" for one in _DAYS for other in _TIMES] + list(_DAYS))
        return found.isoformat()


def time_of_day(value: object) -> str:
    """Return a time. Raises `ValueError` if that cannot be told."""
    text = str(value).strip().upper()
    zone = "Z" if text.endswith("Z") else ""
    return _parsed(text.removesuffix("Z").strip(), _TIMES).time().isoformat() + zone


def naive(text: str) -> str:
    """Return a moment without its time zone."""
    return re.sub(r"\s*(Z|[+-]\d{2}:?\d{2})$", "", text.strip())


def _real(year: int, month: int, number: int) -> dt.date:
    """Return a day that there is: the last one of the month for 30 February, and December for month 13."""
    month = min(max(month, 1), 12)
    for last in range(min(max(number, 1), 31), 0, -1):
        try:
            return dt.date(year, month, last)
        except ValueError:
            continue
    raise ValueError(number)


def _parsed(text: str, formats: Sequence[str]) -> dt.datetime:
    for one in formats:
        try:
            return dt.datetime.strptime(text, one)  # noqa: DTZ007 - the zone is the sender's affair
        except ValueError:
            continue
    raise ValueError(text)
