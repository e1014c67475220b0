"""Rows for what a request names: they are written to the scratch database of this process alone.

A row is made for everything that the app has looked for; and, where that is wished, for every key that the request
names, with what its table demands, and rows for what it refers to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastwright.diagnose.guest.columns import as_key, given_value, privilege, value_for
from fastwright.diagnose.guest.isolation import Scratch
from fastwright.diagnose.guest.passwords import hashed, is_password
from fastwright.project.probe.columns import python_type
from fastwright.project.probe.foreign import foreign

_MOST = 40
_OTHER = 90


def fill(scratch: Scratch, wanted: dict[str, Any]) -> None:
    """Write the rows that were looked for, and those with the keys that the request names, as the wish says."""
    Filler(scratch, wanted).fill()


class Filler:
    """Writes rows to the scratch database."""

    def __init__(self, scratch: Scratch, wanted: dict[str, Any]) -> None:
        self._scratch = scratch
        self._values: list[Any] = [value for value in wanted.get("values", []) if not isinstance(value, (dict, list))]
        self._named: dict[str, Any] = wanted.get("named", {})
        self._wanted = wanted
        self._columns: dict[str, Any] = wanted.get("columns", {})
        self._password: str = wanted.get("password", "")
        self._shift: int = wanted.get("shift", 0)
        self._sparse: bool = wanted.get("sparse", False)
        self._tables = _tables(scratch)
        self._made: dict[Any, dict[str, Any]] = {}

    def fill(self) -> None:
        """Write a row for every key, parents first."""
        engine: Any = foreign("sqlalchemy").create_engine(f"sqlite:///{self._scratch.database}")
        with engine.begin() as connection:
            self._scratch.attach_schemas(connection.connection.driver_connection)
            for row in self._wanted.get("sought", []):
                self._supply(connection, row)
            for table in self._chosen()[:_MOST] if self._wanted.get("named") is not None else []:
                for number, key in enumerate(self._keys(table)):
                    self._insert(connection, table, key, number)
        engine.dispose()

    def _supply(self, connection: Any, row: dict[str, Any]) -> None:
        """Write a row with the values that the app looked for, and first what it refers to."""
        table = next((one for one in self._tables if one.name == row["table"]), None)
        if table is None:
            return
        known_values = {name: one for name, one in row["values"].items() if name in table.columns}
        given = {name: given_value(table.columns[name], one) for name, one in known_values.items()}
        for column in table.columns:
            for reference in column.foreign_keys:
                parent = reference.column.table
                if parent is not table and (column.name in given or not column.nullable):
                    known = {reference.column.name: known_values[column.name]} if column.name in given else {}
                    if known or not self._has_rows(connection, parent):
                        self._supply(connection, {"table": parent.name, "values": known})
        keys = list(table.primary_key.columns)
        self._insert(connection, table, given.get(keys[0].name) if len(keys) == 1 else None, self._shift, given)

    def _has_rows(self, connection: Any, table: Any) -> bool:
        columns = list(table.primary_key.columns)
        try:
            return connection.execute(foreign("sqlalchemy").select(*columns).limit(1)).first() is not None
        except Exception:  # noqa: BLE001 - a table that could not be made
            return False

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

    def caller(self, kind: Any, *, other: bool = False) -> dict[str, Any]:
        """Return the primary key of a row of a model that may call everything; it is made if there is none.

        It is made, too, if it has to be an `other` one than those that the request names.
        """
        table = kind.__mapper__.local_table
        engine: Any = foreign("sqlalchemy").create_engine(f"sqlite:///{self._scratch.database}")
        with engine.begin() as connection:
            self._scratch.attach_schemas(connection.connection.driver_connection)
            columns = list(table.primary_key.columns)
            row = connection.execute(foreign("sqlalchemy").select(*columns).limit(1)).first()
            if other and len(columns) == 1:
                self._insert(connection, table, value_for(columns[0], _OTHER), _OTHER)
            elif row is None:
                for parent in self._tables:
                    if parent is not table and parent in {key.column.table for key in table.foreign_keys}:
                        self._insert(connection, parent, next(iter(self._keys(parent))), 0)
                self._insert(connection, table, next(iter(self._keys(table))), 0)
            elif not self._values:
                self._promote(connection, table, columns, row)
            row = connection.execute(foreign("sqlalchemy").select(*columns).limit(1)).first()
        engine.dispose()
        made = self._made.get(table)
        key = [made[column.name] for column in columns] if made is not None else row or ()
        return {column.key: value for column, value in zip(columns, key)}  # noqa: B905

    def _promote(self, connection: Any, table: Any, columns: list[Any], row: Any) -> None:
        """Let the caller have every role."""
        raised = {column.name: privilege(column) for column in table.columns if privilege(column) is not None}
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
        kind = python_type(columns[0])
        found = [as_key(value, kind) for value in self._values]
        keys = list(dict.fromkeys(key for key in found if key is not None))
        yield from keys[:_MOST] or [value_for(columns[0], 0)]

    def _insert(self, connection: Any, table: Any, key: Any, number: int, given: dict[str, Any] | None = None) -> None:
        values: dict[str, Any] = dict(given or {})
        for column in table.columns:
            if column.name in values or column.computed is not None:
                continue
            if column.primary_key and not column.foreign_keys:
                values[column.name] = key if key is not None else value_for(column, number)
            elif column.foreign_keys:
                values[column.name] = self._reference(connection, column, key)
            elif column.name in self._columns:
                values[column.name] = given_value(column, self._columns[column.name])
            elif self._password and is_password(column):
                values[column.name] = hashed(self._password)
            elif self._sparse and column.nullable and self._may_be_null(column):
                continue
            elif not column.nullable or column.unique or column.default is None:
                raised = privilege(column)
                values[column.name] = raised if raised is not None else value_for(column, number, key)
        try:
            with connection.begin_nested():
                connection.execute(table.insert().values({k: v for k, v in values.items() if v is not None}))
        except Exception:  # noqa: BLE001 - a row that cannot be made is one that the app cannot find
            return
        self._made.setdefault(table, values)

    def _may_be_null(self, column: Any) -> bool:
        """Tell whether somebody wrote that a column may be null, and did not just leave it out."""
        if getattr(column, "_user_defined_nullable", None) is True:
            return True
        classes = [one for one in self._scratch.mappers if one.local_table is column.table]
        kinds = [kind for one in classes for kind in one.class_.__mro__]
        annotated: list[Any] = [getattr(kind, "__annotations__", {}) for kind in kinds]
        return any(column.name in names for names in annotated)

    def _reference(self, connection: Any, column: Any, key: Any) -> Any:
        """Return the key of a row that exists: the one of the same number, or the first."""
        target = next(iter(column.foreign_keys)).column
        if target.table is column.table and column.nullable:
            return None
        if not self._has_rows(connection, target.table):
            return None
        found = connection.execute(foreign("sqlalchemy").select(target).limit(_MOST)).scalars().all()
        named = as_key(self._named.get(column.name), python_type(target))
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
