"""Rows for a promise: so many in the tables that it names, and one in each table that those refer to."""

from __future__ import annotations

import datetime as dt
import decimal
import typing
import uuid
from functools import cached_property
from typing import Any

from fastwright.project.probe import tables
from fastwright.project.probe.columns import fixed_default, marks_end, python_type, row_uuid
from fastwright.project.probe.engines import Engines
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.places import unwrapped
from fastwright.proof.guest.admitted import Nobody

_THEN = dt.datetime(2024, 1, 15, 12, 0)  # noqa: DTZ001 - databases mostly store times without zones
_USERS = ("user", "account", "member", "customer", "employee", "player", "staff")
_BY_TYPE: dict[Any, Any] = {
    float: 1.5,
    decimal.Decimal: decimal.Decimal("1.50"),
    dt.datetime: _THEN,
    dt.date: _THEN.date(),
    dt.time: _THEN.time(),
    dt.timedelta: dt.timedelta(hours=1),
    bytes: b"1",
    dict: {},
    list: [],
}


class Rows:
    """Fills the scratch database; with `flag`, every flag is set, and else those by default.

    The columns in `vary`, by table, have one of two values, or refer to one of two rows; not all of them change with
    the same rows.
    """

    def __init__(self, engines: Engines, *, flag: bool, vary: dict[str, list[str]]) -> None:
        self._tables: dict[str, Any] = {str(table.name): table for table in tables.alive(engines.tables)}
        self._mappers = engines.mappers
        self._path = engines.database
        self._flag = flag
        self._vary = vary
        self._counts: dict[str, int] = {}
        # The tables of those that call: what belongs to one of them belongs to the same one in every row.
        self._callers: set[str] = set()

    @cached_property
    def _engine(self) -> Any:
        return foreign("sqlalchemy").create_engine(f"sqlite:///{self._path}")

    def caller(self, guard: Any) -> Any:
        """Return what stands in for a guard: it gives the first user, or nobody if the app has no users."""
        kind = self._user(guard)
        if kind is None:
            return Nobody
        self._callers.add(str(foreign("sqlalchemy").inspect(kind).local_table.name))
        return lambda: self.first(kind)

    def _user(self, guard: Any) -> Any:
        inner: Any = unwrapped(guard)
        try:
            wanted: Any = typing.get_type_hints(inner if hasattr(inner, "__code__") else inner.__call__).get("return")
        except Exception:  # noqa: BLE001 - annotations that cannot be evaluated tell nothing
            wanted = None
        kinds: list[Any] = [mapper.class_ for mapper in self._mappers]
        if wanted is not None and wanted is not typing.Any:
            return wanted if wanted in kinds else None
        named = (kind for name in _USERS for kind in kinds if kind.__name__.lower().endswith(name))
        return next(named, None)

    def fill(self, wanted: dict[str, int]) -> None:
        """Insert the rows, those that others refer to first."""
        if not wanted:
            return
        with self._engine.begin() as connection:
            for name, count in wanted.items():
                if name in self._tables:
                    self._fill(connection, self._tables[name], count)

    def first(self, kind: Any) -> Any:
        """Return the first row of a model as an object; one is inserted if the app has made none when it started."""
        mapper: Any = foreign("sqlalchemy").inspect(kind)
        with foreign("sqlalchemy.orm").Session(self._engine, expire_on_commit=False) as session:
            found = session.query(kind).first()
            if found is None:
                self.fill({str(mapper.local_table.name): 1})
                found = session.query(kind).first()
            return found

    def _fill(self, connection: Any, table: Any, count: int) -> None:
        known = self._counts.get(str(table.name), 0)
        if known >= count:
            return
        self._counts[str(table.name)] = count
        for column in table.columns:
            for key in column.foreign_keys:
                few = 2 if self._varies(column) else 1
                self._fill(connection, key.column.table, count if self._is_unique(column) else few)
        rows = [self._row(table, number) for number in range(known + 1, count + 1)]
        connection.execute(table.insert(), rows)

    def _row(self, table: Any, number: int) -> dict[str, Any]:
        return {column.key: self._value(column, number) for column in table.columns if _has_value(column)}

    def _value(self, column: Any, number: int) -> Any:
        unique = self._is_unique(column)
        if self._varies(column) and not unique:
            return self._varied(column, number)
        for key in column.foreign_keys:
            return self._value(key.column, number if unique else 1)
        default = fixed_default(column)
        if default is not None and not unique and not (default is False and self._flag):
            return default
        return self._by_type(column, number, unique=unique)

    def _is_unique(self, column: Any) -> bool:
        """Tell whether the column has another value in each row: alone, or for all of a key that it is part of."""
        table = column.table
        keys = [list(table.primary_key.columns)]
        keys += [list(one.columns) for one in table.constraints if type(one).__name__ == "UniqueConstraint"]
        return bool(column.unique) or any(column is min(key, key=self._is_poor) for key in keys if key)

    def _is_poor(self, column: Any) -> tuple[bool, bool]:
        """Rank a column by how poorly it tells rows apart: flags do, and so does whose the row is."""
        few = type(column.type).__name__ in ("Boolean", "Enum", "BOOLEAN")
        return few, any(str(key.column.table.name) in self._callers for key in column.foreign_keys)

    def _varies(self, column: Any) -> bool:
        return column.key in self._vary.get(str(column.table.name), [])

    def _varied(self, column: Any, number: int) -> Any:
        which = (number >> self._vary[str(column.table.name)].index(column.key) % 3) % 2
        for key in column.foreign_keys:
            return self._value(key.column, which + 1)
        members = list(getattr(column.type, "enum_class", None) or getattr(column.type, "enums", None) or [])
        if members:
            return members[which % len(members)]
        value = self._by_type(column, which + 1, unique=True)
        if isinstance(value, bool):
            return bool(which)
        if isinstance(value, dt.date):
            return value + dt.timedelta(days=which)
        return value + which if isinstance(value, (float, decimal.Decimal)) else value

    def _by_type(self, column: Any, number: int, *, unique: bool) -> Any:
        members = getattr(column.type, "enum_class", None) or getattr(column.type, "enums", None)
        if members:
            return next(iter(members))
        kind = python_type(column)
        if kind is bool:
            return self._flag
        if kind is int:
            return number if unique else 1
        if kind is uuid.UUID:
            return row_uuid(number)
        if kind in _BY_TYPE:
            return _zoned(column, _BY_TYPE[kind])
        text = f"{number:06}@example.com" if "mail" in column.name else f"{number:06}{column.name}"
        return text[: getattr(column.type, "length", None) or len(text)]


def _zoned(column: Any, value: Any) -> Any:
    """Return a time with a zone where the column has a type of its own for such, which may refuse others."""
    has_zone = getattr(getattr(column.type, "impl", None), "timezone", False)
    return value.replace(tzinfo=dt.timezone.utc) if has_zone and isinstance(value, dt.datetime) else value  # noqa: UP017 - Python 3.9


def _has_value(column: Any) -> bool:
    return getattr(column, "computed", None) is None and not marks_end(column)
