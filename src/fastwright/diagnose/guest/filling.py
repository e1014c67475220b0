"""Rows for what a request names: they are written to the scratch database of this process alone.

A row is made for every key that the request names, with what its table demands, and rows for what it refers to.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import re
import uuid
from collections.abc import Iterator
from typing import Any

from fastwright.diagnose.guest.isolation import Scratch
from fastwright.project.probe.foreign import foreign

_MOST = 40
# Moments at which something was over: a row that has none is alive.
_OVER = re.compile(r"delet|remov|return|clos|cancel|end|expir|archiv|revok|used|ban|lock|discharg|retir|finish|complet")
_PAST = dt.datetime(2024, 1, 15, 12, 0)  # noqa: DTZ001 - databases mostly store times without zones


def fill(scratch: Scratch, wanted: dict[str, Any]) -> None:
    """Write rows with the keys that the request names, in the tables that the wish names."""
    Filler(scratch, wanted).fill()


class Filler:
    """Writes rows to the scratch database."""

    def __init__(self, scratch: Scratch, wanted: dict[str, Any]) -> None:
        self._scratch = scratch
        self._values: list[Any] = [value for value in wanted.get("values", []) if not isinstance(value, (dict, list))]
        self._named: dict[str, Any] = wanted.get("named", {})
        self._wanted = wanted
        self._tables = _tables(scratch)
        self._made: dict[Any, dict[str, Any]] = {}

    def fill(self) -> None:
        """Write a row for every key, parents first."""
        engine: Any = foreign("sqlalchemy").create_engine(f"sqlite:///{self._scratch.database}")
        with engine.begin() as connection:
            self._scratch.attach_schemas(connection.connection.driver_connection)
            for table in self._chosen()[:_MOST]:
                for number, key in enumerate(self._keys(table)):
                    self._insert(connection, table, key, number)
        engine.dispose()

    def _chosen(self) -> list[Any]:
        """Return the tables that the request names, and those that they refer to; or all, if that is wished."""
        if self._wanted.get("all"):
            return self._tables
        words = {_singular(word) for word in self._wanted.get("words", [])}
        keys = {key for table in self._tables for column in table.columns for key in _targets(column, self._named)}
        chosen = [table for table in self._tables if _singular(table.name) in words or table in keys]
        chosen = chosen or self._tables
        above = [parent for table in chosen for parent in _above(table, [])]
        return [table for table in self._tables if table in chosen or table in above]

    def caller(self, kind: Any) -> dict[str, Any]:
        """Return the primary key of a row of a model that may call everything; it is made if there is none."""
        table = kind.__mapper__.local_table
        engine: Any = foreign("sqlalchemy").create_engine(f"sqlite:///{self._scratch.database}")
        with engine.begin() as connection:
            self._scratch.attach_schemas(connection.connection.driver_connection)
            columns = list(table.primary_key.columns)
            row = connection.execute(foreign("sqlalchemy").select(*columns).limit(1)).first()
            if row is None:
                for parent in self._tables:
                    if parent is not table and parent in {key.column.table for key in table.foreign_keys}:
                        self._insert(connection, parent, next(iter(self._keys(parent))), 0)
                self._insert(connection, table, next(iter(self._keys(table))), 0)
            elif not self._values:
                self._promote(connection, table, columns, row)
            row = connection.execute(foreign("sqlalchemy").select(*columns).limit(1)).first()
        engine.dispose()
        return {column.key: value for column, value in zip(columns, row or ())}  # noqa: B905

    def _promote(self, connection: Any, table: Any, columns: list[Any], row: Any) -> None:
        """Let the caller have every role."""
        raised = {column.name: _privilege(column) for column in table.columns if _privilege(column) is not None}
        if raised:
            change = table.update().values(**raised)
            for column, value in zip(columns, row):  # noqa: B905
                change = change.where(column == value)
            connection.execute(change)

    def _keys(self, table: Any) -> Iterator[Any]:
        """Yield the keys for the rows of a table: those that the request names, and one."""
        columns = list(table.primary_key.columns)
        if len(columns) != 1 or columns[0].foreign_keys:
            yield None
            return
        kind = _python_type(columns[0])
        found = [_as_key(value, kind) for value in self._values]
        keys = list(dict.fromkeys(key for key in found if key is not None))
        yield from keys[:_MOST] or [_value(columns[0], 0)]

    def _insert(self, connection: Any, table: Any, key: Any, number: int) -> None:
        values: dict[str, Any] = {}
        for column in table.columns:
            if column.primary_key and not column.foreign_keys:
                values[column.name] = key if key is not None else _value(column, number)
            elif column.foreign_keys:
                values[column.name] = self._reference(connection, column, key)
            elif not column.nullable or column.unique or column.default is None:
                privilege = _privilege(column)
                values[column.name] = privilege if privilege is not None else _value(column, number, key)
        try:
            with connection.begin_nested():
                connection.execute(table.insert().values({k: v for k, v in values.items() if v is not None}))
        except Exception:  # noqa: BLE001 - a row that cannot be made is one that the app cannot find
            return
        self._made.setdefault(table, values)

    def _reference(self, connection: Any, column: Any, key: Any) -> Any:
        """Return the key of a row that exists: the one of the same number, or the first."""
        target = next(iter(column.foreign_keys)).column
        if target.table is column.table and column.nullable:
            return None
        found = connection.execute(foreign("sqlalchemy").select(target).limit(_MOST)).scalars().all()
        named = _as_key(self._named.get(column.name), _python_type(target))
        return next((one for one in (named, key) if one in found), next(iter(found), None))


def _tables(scratch: Scratch) -> list[Any]:
    """Return the tables of the app, those first that others refer to."""
    tables = [table for table in dict.fromkeys(scratch.tables) if table.metadata.tables.get(table.key) is table]
    ordered: list[Any] = []
    for metadata in dict.fromkeys(table.metadata for table in tables):
        ordered += [table for table in metadata.sorted_tables if table in tables]
    return ordered


def _targets(column: Any, named: dict[str, Any]) -> list[Any]:
    return [key.column.table for key in column.foreign_keys] if column.name in named else []


def _above(table: Any, seen: list[Any]) -> list[Any]:
    """Return the tables that a table refers to, and those that these refer to."""
    for parent in [key.column.table for key in table.foreign_keys]:
        if parent is not table and parent not in seen:
            seen.append(parent)
            _above(parent, seen)
    return seen


def _singular(name: str) -> str:
    """Return `orderitem` for `order_items`, `order_item_id` and `OrderItems`."""
    plain = name.lower().replace("-", "_")
    for end in ("_ids", "_id", "_uuid", "_key", "_slug", "_name"):
        plain = plain.removesuffix(end)
    plain = plain.replace("_", "")
    if plain.endswith("ies"):
        return plain[:-3] + "y"
    return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain


def _python_type(column: Any) -> Any:
    try:
        return column.type.python_type
    except NotImplementedError:
        return str


def _as_key(value: Any, kind: Any) -> Any:
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


def _privilege(column: Any) -> Any:
    """Return what makes a caller one who may do everything, where a column is about that."""
    name = column.name.lower()
    if _python_type(column) is bool:
        if any(
            word in name for word in ("delet", "ban", "block", "lock", "disab", "archiv", "close", "retire", "expire")
        ):
            return False
        if name.startswith("is_") or name in ("active", "admin", "superuser", "staff", "enabled", "verified"):
            return True
    if name in ("role", "roles") and not getattr(column.type, "enums", None) and _python_type(column) is str:
        return "admin"
    if name in ("role", "user_role", "kind", "type"):
        options = [str(one) for one in getattr(column.type, "enums", None) or ()]
        best = [one for one in options if one.lower() in ("admin", "superuser", "owner", "root", "administrator")]
        return _enum_value(column, best[0]) if best else None
    return None


def _value(column: Any, number: int, key: Any = None) -> Any:
    """Return a value for a column; another one in every row, so that unique ones are."""
    kind = _python_type(column)
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
        uuid.UUID: lambda: uuid.UUID(int=number + 1),
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
