"""Rows for every table: enough of them, and related to each other in such a way that growth shows.

Each parent has a child of its own, since children that all have one parent hide what is loaded per row. And the first
row of each table has `size` children of every kind: it is the one that the caller is, and that paths ask for.
"""

from __future__ import annotations

import typing
from typing import Any

from fastwright.measure.driver.checks import Checks
from fastwright.measure.driver.values import NOTHING, Values

_MOST_BLOCKS = 3

Row = dict[str, Any]


class Filling:
    """Plans the rows of all tables for one size; keys are planned, too, so that no order of insertion is needed."""

    def __init__(self, tables: list[Any], mappers: list[Any], size: int, today: str) -> None:
        self._size = size
        self._tables = _parents_first(tables)
        self._values = Values(today, _hints(mappers))
        self._identities = _identities(mappers)
        self._single = _single_children(mappers)
        self._inheriting = {id(one.local_table): one for one in mappers if _is_joined(one)}
        self.rows: dict[Any, list[Row]] = {}

    def plan(self) -> dict[Any, list[Row]]:
        """Return the rows of each table, the parents before their children where that is possible."""
        for table in self._tables:
            self.rows[table] = _Table(self, table).filled()
        for table in self._tables:  # what refers to a table that came later
            for key in _late_keys(table, self._tables):
                for number, row in enumerate(self.rows[table]):
                    row.update(self.referring(key, number))
        return self.rows

    @property
    def size(self) -> int:
        return self._size

    def unique_sets(self, table: Any) -> list[tuple[str, ...]]:
        """Return the columns that no two rows may have alike: by a constraint, or since a parent has one child."""
        return [*_unique_sets(table), *self._single.get(table, ())]

    def value(self, column: Any, number: int, *, unique: bool) -> Any:
        identities = self._identities.get(column)
        if identities:
            return identities[number % len(identities)]
        return self._values.of(column, number, unique=unique)

    def referring(self, key: Any, number: int) -> Row:
        """Return the columns of a foreign key that leads to the row of that number, counted in a circle."""
        parents = self.rows.get(key.referred_table, [])
        if not parents:
            return {}
        parent = parents[number % len(parents)]
        return {one.parent.key: parent.get(one.column.key) for one in key.elements}

    def base(self, table: Any) -> int:
        """Return how many rows there have to be, so that each parent has one."""
        most = max((len(self.rows.get(key.referred_table, [])) for key in _keys(table)), default=0)
        return min(max(self._size, most), self._size * _MOST_BLOCKS)

    def inherited(self, table: Any) -> list[Row] | None:
        """Return the rows of the table above that a table of a joined hierarchy goes on with."""
        mapper = self._inheriting.get(id(table))
        if mapper is None:
            return None
        above = mapper.inherits.local_table
        discriminator = str(getattr(mapper.polymorphic_on, "key", ""))
        below = {one.polymorphic_identity for one in mapper.self_and_descendants}
        rows = self.rows.get(above, [])
        root = self.rows.get(mapper.base_mapper.local_table, rows)
        keys = [column.key for column in mapper.base_mapper.local_table.primary_key]
        named = {tuple(row[key] for key in keys): row.get(discriminator) for row in root}
        return [row for row in rows if named.get(tuple(row.get(key) for key in keys)) in below]


class _Table:
    """The rows of one table."""

    def __init__(self, filling: Filling, table: Any) -> None:
        self._filling = filling
        self._table = table
        self._unique = filling.unique_sets(table)
        self._alone = {names[0] for names in self._unique if len(names) == 1}
        self._checks = Checks(table)
        self._seen: set[tuple[Any, ...]] = set()
        self._rows: list[Row] = []
        known = [key for key in _keys(table) if key.referred_table in filling.rows]
        self._keys = sorted(known, key=lambda key: len(key.elements))  # the wider one has the last word
        self._itself = [key for key in _keys(table, itself=True) if key.referred_table is table]

    def filled(self) -> list[Row]:
        inherited = self._filling.inherited(self._table)
        if inherited is not None:
            for row in inherited:
                self._add({one.key: row.get(_above(one).key) for one in self._table.primary_key}, None)
            return self._rows
        for number in range(self._filling.base(self._table)):
            self._add({}, None, position=number)
        for key in self._keys:
            for number in range(self._filling.size):
                self._add({}, key, position=number)
        if self._itself:
            self._make_tree()
        return self._rows

    def _make_tree(self) -> None:
        """Let the rows so far be roots, and add their children, the children of these, and more of the first row."""
        size = self._filling.size
        children = len(self._rows)
        for parent in (*range(size), *range(children, children + size), *([0] * size)):
            if parent < len(self._rows):
                above = self._rows[parent]
                self._add({one.parent.key: above[one.column.key] for key in self._itself for one in key.elements}, None)

    def _add(self, given: Row, pinned: Any, position: int = 0) -> None:
        number = len(self._rows)
        row: Row = {}
        for column in self._table.columns:
            value = self._filling.value(column, number, unique=column.key in self._alone or bool(column.primary_key))
            if value is not NOTHING:
                row[column.key] = value
        for key in self._keys:
            row.update(self._filling.referring(key, 0 if key is pinned else position))
        if self._itself and not given:
            row.update(self._root(row))
        row.update(given)
        fixed = {one.parent.key for key in (*self._keys, *self._itself) for one in key.elements} | self._alone
        row = self._checks.repaired(row, fixed, number)
        if not self._is_taken(row):
            self._rows.append(row)

    def _root(self, row: Row) -> Row:
        """Return the reference of a row without a parent: none, or, where there has to be one, to itself."""
        elements = [one for key in self._itself for one in key.elements]
        return {one.parent.key: None if one.parent.nullable else row[one.column.key] for one in elements}

    def _is_taken(self, row: Row) -> bool:
        marks = [(names, *(repr(row.get(name)) for name in names)) for names in self._unique if _is_told(row, names)]
        if any(mark in self._seen for mark in marks):
            return True
        self._seen.update(marks)
        return False


def _is_told(row: Row, names: tuple[str, ...]) -> bool:
    return all(row.get(name) is not None for name in names)


def _keys(table: Any, *, itself: bool = False) -> list[Any]:
    """Return the foreign keys that lead to a table that is there."""
    found: list[Any] = []
    for key in sorted(table.foreign_key_constraints, key=lambda one: sorted(map(str, one.column_keys))):
        try:
            referred = key.referred_table
        except Exception:  # noqa: BLE001, S112 - a table that the app never imports
            continue
        if itself or referred is not table:
            found.append(key)
    return found


def _late_keys(table: Any, order: list[Any]) -> list[Any]:
    position = order.index(table)
    return [key for key in _keys(table) if key.referred_table in order[position + 1 :]]


def _parents_first(tables: list[Any]) -> list[Any]:
    """Return the tables in an order in which parents come first; of a circle, one has to be the first."""
    ordered: list[Any] = []

    def visit(table: Any, above: tuple[Any, ...]) -> None:
        if table in ordered or table in above or table not in tables:
            return
        # A reference that may be empty is what a circle is cut at.
        for key in sorted(_keys(table), key=lambda one: any(element.parent.nullable for element in one.elements)):
            visit(key.referred_table, (*above, table))
        ordered.append(table)

    for table in tables:
        visit(table, ())
    return ordered


def _unique_sets(table: Any) -> list[tuple[str, ...]]:
    found = [tuple(column.key for column in table.primary_key)] if table.primary_key else []
    constraints = [one for one in table.constraints if type(one).__name__ == "UniqueConstraint"]
    found += [tuple(column.key for column in one.columns) for one in constraints]
    for index in table.indexes:
        columns = [column for column in index.columns if hasattr(column, "key")]
        if index.unique and len(columns) == len(index.expressions):
            found.append(tuple(column.key for column in columns))
    return list(dict.fromkeys(found))


def _single_children(mappers: list[Any]) -> dict[Any, list[tuple[str, ...]]]:
    """Return the foreign keys of relations by which a parent has one child and not many."""
    found: dict[Any, list[tuple[str, ...]]] = {}
    for mapper in mappers:
        for relation in mapper.relationships:
            if relation.uselist or relation.direction.name != "ONETOMANY":
                continue
            columns = sorted(relation.remote_side, key=lambda column: str(column.key))
            if columns and all(column.foreign_keys for column in columns):
                found.setdefault(columns[0].table, []).append(tuple(column.key for column in columns))
    return found


def _above(column: Any) -> Any:
    return next(iter(column.foreign_keys)).column


def _is_joined(mapper: Any) -> bool:
    return (
        mapper.inherits is not None
        and mapper.local_table is not mapper.inherits.local_table
        and all(column.foreign_keys for column in mapper.local_table.primary_key)
    )


def _identities(mappers: list[Any]) -> dict[Any, list[Any]]:
    """Return what the discriminator of each hierarchy may say."""
    found: dict[Any, list[Any]] = {}
    for mapper in mappers:
        column = mapper.polymorphic_on
        if mapper.inherits is None and column is not None and hasattr(column, "table"):
            found[column] = [identity for identity in mapper.polymorphic_map if identity is not None]
    return found


def _hints(mappers: list[Any]) -> dict[Any, Any]:
    """Return the Python type that the model says a column has."""
    found: dict[Any, Any] = {}
    for mapper in mappers:
        try:
            annotations = typing.get_type_hints(mapper.class_)
        except Exception:  # noqa: BLE001, S112 - names for type checkers alone
            continue
        for attribute in mapper.column_attrs:
            hint = _inner(annotations.get(attribute.key))
            if hint is not None:
                found.setdefault(attribute.columns[0], hint)
    return found


def _inner(hint: Any) -> Any:
    """Return `X` for `Mapped[X | None]`."""
    if typing.get_origin(hint) is not None and getattr(typing.get_origin(hint), "__name__", "") == "Mapped":
        hint = typing.get_args(hint)[0]
    options = [one for one in typing.get_args(hint) if one is not type(None)]
    if len(options) == 1 and type(None) in typing.get_args(hint):
        return options[0]
    return hint
