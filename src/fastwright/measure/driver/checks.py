"""Values that the check constraints of a table accept.

A constraint is text for a database, so a database says whether a row fulfils it: SQLite, in memory. What it does not
understand is taken to be fulfilled.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import enum
import itertools
import re
import sqlite3
import uuid
from collections.abc import Iterator
from typing import Any

_NUMBER = re.compile(r"(?<![\w.'])-?\d+(?:\.\d+)?(?![\w'])")
_WORD = re.compile(r"'((?:[^']|'')*)'")
_MOST = 400


class Checks:
    """The check constraints of a table, each with the columns that it is about."""

    def __init__(self, table: Any) -> None:
        self._checks: list[tuple[str, list[Any]]] = []
        of_columns = [constraint for column in table.columns for constraint in column.constraints]
        for constraint in (*table.constraints, *of_columns):
            text = getattr(constraint, "sqltext", None)
            if text is None or getattr(constraint, "_type_bound", False):
                continue
            with contextlib.suppress(Exception):
                told = str(text.compile(compile_kwargs={"literal_binds": True})).replace(f"{table.name}.", "")
                named = [one for one in table.columns if re.search(rf"\b{re.escape(str(one.name))}\b", told)]
                if named:
                    self._checks.append((told, named))

    def repaired(self, row: dict[str, Any], keep: set[str], number: int) -> dict[str, Any]:
        """Return the row with values that every constraint accepts, as far as they can be found.

        Where there are several, the `number` of the row chooses, so that not all rows are alike.
        """
        for text, columns in self._checks:
            if _holds(text, row, columns):
                continue
            open_columns = [column for column in columns if column.key not in keep]
            found = list(itertools.islice(self._accepted(text, row, columns, open_columns), 12))
            if found:
                row = {**row, **found[number % len(found)]}
        return row

    def _accepted(
        self, text: str, row: dict[str, Any], columns: list[Any], open_columns: list[Any]
    ) -> Iterator[dict[str, Any]]:
        # What others did not hold before is repaired in its own turn.
        binding = [one for one in self._checks if _holds(one[0], row, one[1])]
        pools = [_pool(text, column, row.get(column.key)) for column in open_columns]
        for values in itertools.islice(itertools.product(*pools), _MOST):
            tried = {column.key: value for column, value in zip(open_columns, values)}  # noqa: B905 - Python 3.9
            if all(_holds(other, {**row, **tried}, known) for other, known in [(text, columns), *binding]):
                yield tried


def _pool(text: str, column: Any, value: Any) -> list[Any]:
    """Return what is worth a try for a column: its value, what the constraint names, and what is next to that."""
    pool: list[Any] = [value]
    if isinstance(value, bool):
        pool.append(not value)
    elif isinstance(value, (int, float, decimal.Decimal)):
        numbers = [decimal.Decimal(found) for found in _NUMBER.findall(text)] or [decimal.Decimal(0)]
        kind = type(value)
        pool += [kind(number + step) for number in numbers for step in (0, 1, 2, 3, -1, 5)]
    elif isinstance(value, str):
        pool += [word.replace("''", "'") for word in _WORD.findall(text)]
        pool += [value.lower(), value.upper(), value.replace(" ", ""), (value.replace(" ", "") + "x" * 40)[:40]]
        pool += [value[: int(found)] for found in re.findall(r"\b[1-9]\d?\b", text)]
    elif isinstance(value, (dt.datetime, dt.date)):
        pool += [value - dt.timedelta(days=3), value + dt.timedelta(days=3)]
    return [*pool, None] if column.nullable else pool


def _holds(text: str, row: dict[str, Any], columns: list[Any]) -> bool:
    named = ", ".join(f'? AS "{column.name}"' for column in columns)
    values = [_stored(row.get(column.key)) for column in columns]
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        try:
            found = database.execute(f"SELECT ({text}) FROM (SELECT {named})", values).fetchone()  # noqa: S608 - the app's own constraint
        except sqlite3.Error:
            return True
    return found[0] is None or bool(found[0])


def _stored(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, uuid.UUID):
        return value.hex
    return value if isinstance(value, (int, float, str, bytes, type(None))) else str(value)
