"""Functions of other databases that defaults and statements of an app often call, for the SQLite that stands in."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any


def _now() -> str:
    moment = dt.datetime.now(dt.timezone.utc)  # noqa: UP017 - Python 3.9
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _uuid() -> str:
    # As SQLAlchemy stores and compares it where the database has no such type.
    return uuid.uuid4().hex


def _searched(*arguments: Any) -> Any:
    # The text itself, without the configuration before it: `to_tsvector('english', title)`.
    return arguments[-1]


def _weighted(text: Any, _weight: Any) -> Any:
    return text


def _in_zone(_zone: Any, moment: Any) -> Any:
    return moment


_NOW = ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp")
_SEARCH = ("to_tsvector", "to_tsquery", "plainto_tsquery", "websearch_to_tsquery")
_UUID = ("gen_random_uuid", "uuid_generate_v4", "uuidv4", "uuidv7", "uuid")


def teach(connection: Any) -> None:
    """Make them known to a connection of SQLite, as the driver gives it, or as SQLAlchemy adapts it."""
    for name in _NOW:
        connection.create_function(name, 0, _now)
    for name in _UUID:
        connection.create_function(name, 0, _uuid)
    connection.create_function("timezone", 2, _in_zone)
    # Columns that are computed may call nothing else.
    for name in _SEARCH:
        connection.create_function(name, -1, _searched, deterministic=True)
    connection.create_function("setweight", 2, _weighted, deterministic=True)
