"""The tables that have no class: those of SQLAlchemy Core, and those that are made by SQL in text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from fastwright.project.source import last_name
from fastwright.rules._engine.ddl import TextColumn, TextIndex, TextTable, read_ddl
from fastwright.rules._engine.modules import Module

_MAKES = (b"create table", b"create unique index", b"create index", b"add constraint", b"add foreign key")


@dataclass(frozen=True, eq=False)
class WrittenTable:
    """A table in the text of a literal, and where that is."""

    table: TextTable
    module: Module
    node: ast.Constant

    def line(self, column: TextColumn) -> int:
        """Return the line of a column; in a text of several literals, the first line that begins with it."""
        text = str(self.node.value)
        above = text.count("\n", 0, column.at)
        last = self.node.end_lineno or self.node.lineno
        if text.count("\n") == last - self.node.lineno:
            return self.node.lineno + above
        begins = re.compile(rf"\W*\b{re.escape(column.name)}\b", re.IGNORECASE)
        lines = range(self.node.lineno, last + 1)
        return next((one for one in lines if begins.match(self.module.lines[one - 1])), self.node.lineno)


class Tables:
    """Reads tables for the rules."""

    def __init__(self, modules: list[Module], texts: Iterable[bytes] = ()) -> None:
        self._modules = modules
        self._texts = texts

    @cached_property
    def written(self) -> list[WrittenTable]:
        """The tables that are made by text in the project's code."""
        return [
            WrittenTable(one, module, node)
            for one, module, node in self._read
            if isinstance(one, TextTable) and one.columns
        ]

    def unique(self, name: str) -> set[str]:
        """Return the columns of a table that are unique, alone or together."""
        return self._unique.get(name.lower(), set())

    def keyed(self, name: str) -> set[str]:
        """Return the columns of a table in text with which an index begins."""
        found = set[str]()
        for one in (*(one for one, _module, _node in self._read), *self._beside):
            if isinstance(one, TextIndex) and one.table == name:
                found.add(one.columns[0])
            elif isinstance(one, TextTable) and one.name == name:
                found |= one.keyed | {column.name for column in one.columns if column.unique}
        return found

    @cached_property
    def _read(self) -> list[tuple[TextTable | TextIndex, Module, ast.Constant]]:
        found = list[tuple[TextTable | TextIndex, Module, ast.Constant]]()
        for module in self._modules:
            content = module.content.lower()
            for node in ast.walk(module.tree) if any(word in content for word in _MAKES) else ():
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    text = node.value.lower().encode()
                    found += [(one, module, node) for one in read_ddl(node.value)] if _is_ddl(text) else []
        return found

    @cached_property
    def _beside(self) -> list[TextTable | TextIndex]:
        """What files of SQL make."""
        return [one for text in self._texts for one in read_ddl(text.decode("utf-8", "replace"))]

    @cached_property
    def _unique(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in (*(one for one, _module, _node in self._read), *self._beside):
            if isinstance(one, TextIndex):
                found.setdefault(one.table, set()).update(one.columns if one.unique else ())
            else:
                columns = {column.name for column in one.columns if column.unique}
                found.setdefault(one.name, set()).update(columns | one.unique)
        for name, table in self._core():
            found.setdefault(name, set()).update(_unique_of(table))
        return found

    def _core(self) -> Iterator[tuple[str, ast.Call]]:
        for module in self._modules:
            for site in module.facts.calls if b"Table(" in module.content else ():
                first = site.node.args[0] if site.name == "Table" and site.node.args else None
                if isinstance(first, ast.Constant):
                    yield str(first.value).lower(), site.node


def _is_ddl(text: bytes) -> bool:
    return any(word in text for word in _MAKES)


def _is_on(option: ast.keyword, name: str) -> bool:
    return option.arg == name and bool(getattr(option.value, "value", False))


def _unique_of(table: ast.Call) -> Iterator[str]:
    """Yield the columns of a table of Core that are unique, alone or as one of several that are its key."""
    calls = [one for one in table.args if isinstance(one, ast.Call) and one.args]
    keyed = [one for one in calls if any(_is_on(option, "primary_key") for option in one.keywords)]
    for one in calls:
        is_unique = any(_is_on(option, "unique") for option in one.keywords) or (len(keyed) > 1 and one in keyed)
        names = [str(name.value).lower() for name in one.args if isinstance(name, ast.Constant)]
        if last_name(one.func) == "Column" and is_unique:
            yield from names[:1]
        elif last_name(one.func) == "UniqueConstraint":
            yield from names
        elif last_name(one.func) == "Index" and is_unique:
            yield from names[1:]
