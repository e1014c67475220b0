"""Hear what the app looks for in its database while it answers: the rows that a request needs, by their columns."""

from __future__ import annotations

import os
import sys
from typing import Any

from fastwright.diagnose.guest.plain import plain
from fastwright.diagnose.guest.selecting import selected
from fastwright.project.probe.foreign import foreign

_MOST = 40


class Seeker:
    """Listens to every statement of every engine."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root) + os.sep
        self.statements = 0
        self.selects: list[dict[str, Any]] = []
        self.rows: list[dict[str, Any]] = []

    def listen(self) -> None:
        """Note from now on which rows are asked for."""
        if "sqlalchemy" in sys.modules:
            engine: Any = foreign("sqlalchemy.engine").Engine
            foreign("sqlalchemy").event.listen(engine, "before_execute", self._note)

    def _note(self, _connection: Any, statement: Any, _many: Any, parameters: Any, _options: Any) -> None:
        self.statements += 1
        if not getattr(statement, "is_select", False) or len(self.rows) >= _MOST:
            return
        select = selected(statement, self._root)
        if select is not None:
            self.selects.append(select)
        found: dict[str, dict[str, Any]] = {}
        several: list[tuple[str, str, Any]] = []
        for table, column, operator, value in _compared(statement, dict(parameters or {})):
            if operator == "eq":
                found.setdefault(table, {})[column] = plain(value)
            elif operator == "in_op" and isinstance(value, (list, tuple)):
                several += [(table, column, one) for one in value]  # pyright: ignore[reportUnknownVariableType]
        self.rows += [{"table": table, "values": values} for table, values in found.items()]
        self.rows += [{"table": table, "values": {column: plain(one)}} for table, column, one in several]


def _compared(statement: Any, parameters: dict[str, Any]) -> list[tuple[str, str, str, Any]]:
    """Return every column of a table that is compared with a value, how, and with which."""
    found: list[tuple[str, str, str, Any]] = []
    for node in foreign("sqlalchemy.sql.visitors").iterate(statement):
        left: Any = getattr(node, "left", None)
        right: Any = getattr(node, "right", None)
        table = getattr(getattr(left, "table", None), "name", None)
        if table is None or type(right).__name__ != "BindParameter":
            continue
        value = parameters.get(right.key, right.effective_value)
        found.append((str(table), str(left.name), getattr(node.operator, "__name__", ""), value))
    return found
