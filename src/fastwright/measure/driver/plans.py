"""Indexes that are missing: the database says that it reads a whole table, and with an index that it does not."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from fastwright.measure.driver.values import is_flag
from fastwright.project.probe.foreign import foreign

_TRIED = "fastwright_tried"
_ORDER = re.compile(r"\s+ORDER BY [^()$%:]*?(?=\s+LIMIT\b|\s+OFFSET\b|\s*$)")


def missing_indexes(connection: Any, examples: dict[str, tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Return what is searched without an index; the index is created to ask again, and dropped."""
    if connection.dialect.name == "postgresql":
        # So few rows are read faster without an index; this asks whether there is one that could be used.
        connection.exec_driver_sql("SET enable_seqscan = off")
    found: list[dict[str, Any]] = []
    known: set[tuple[str, str]] = set()
    for sql, (statement, values) in examples.items():
        for column in _searched(statement):
            key = (str(column.table.name), str(column.name))
            if key in known:
                continue
            with contextlib.suppress(Exception):  # a statement that cannot be explained is not held against anybody
                plans = _compared(connection, sql, values, column)
                if plans is not None:
                    known.add(key)
                    told = {"sql": sql, "table": key[0], "column": key[1], "attribute": str(column.key)}
                    found.append({**told, "before": plans[0], "after": plans[1]})
    return found


def _searched(statement: Any) -> Iterator[Any]:
    """Yield the columns that a statement compares with a value or another column, and that have no index."""
    if statement is None or not hasattr(statement, "whereclause"):
        return
    operators = foreign("sqlalchemy.sql.operators")
    for part in foreign("sqlalchemy.sql.visitors").iterate(statement):
        if getattr(part, "operator", None) not in (operators.eq, operators.in_op):
            continue
        for side in (getattr(part, "left", None), getattr(part, "right", None)):
            column = _real(side)
            if column is not None and not _is_indexed(column) and not is_flag(column):
                yield column


def _real(side: Any) -> Any:
    """Return the column of a table that an expression is, also through an alias of the table."""
    base = getattr(side, "base_columns", None)
    column = next(iter(base)) if base and len(base) == 1 and hasattr(side, "table") else None
    return column if column is not None and hasattr(getattr(column, "table", None), "indexes") else None


def _is_indexed(column: Any) -> bool:
    table = column.table
    leading = [list(table.primary_key)[:1], *(list(index.columns)[:1] for index in table.indexes)]
    unique = [one for one in table.constraints if type(one).__name__ == "UniqueConstraint"]
    leading += [list(constraint.columns)[:1] for constraint in unique]
    return any(first and first[0] is column for first in leading)


def _compared(connection: Any, sql: str, values: Any, column: Any) -> tuple[str, str] | None:
    before = _plan(connection, sql, values)
    index = foreign("sqlalchemy").schema.CreateIndex(foreign("sqlalchemy").Index(_TRIED, column))
    column.table.indexes.discard(index.element)
    if not _reads_all(before, column.table.name):
        return None
    connection.execute(index)
    try:
        after = _plan(connection, sql, values)
    finally:
        connection.execute(foreign("sqlalchemy").schema.DropIndex(index.element))
    return (before, after) if _TRIED in after else None


def _plan(connection: Any, sql: str, values: Any) -> str:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
        return "; ".join(str(row[-1]) for row in rows)
    # To have few rows in order, it would go through all of them by the index of that order.
    rows = connection.exec_driver_sql(f"EXPLAIN {_ORDER.sub('', sql)}", values).all()
    return "\n".join(str(row[0]) for row in rows)


def _reads_all(plan: str, table: str) -> bool:
    """Tell whether a plan goes through a whole table, be it by an index that has nothing to do with the search."""
    if "SCAN " in plan:
        return True
    below = re.findall(rf"Scan\b.* on {re.escape(table)}\b.*(?=\n(.*)|$)", plan)
    return any("Cond:" not in line for line in below)
