"""Tables that are made by SQL in text: their columns, keys and indexes, as far as the rules ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fastwright.rules._engine.sql import HOLE, tokens

# What begins a part of a table that is no column.
_CONSTRAINTS = frozenset({"constraint", "primary", "unique", "foreign", "check", "index", "key", "exclude", "fulltext"})
_KEYS = frozenset({"unique", "primary", "index", "key"})
_Words = list[tuple[str, int]]


@dataclass(frozen=True)
class TextColumn:
    """A column. `at` is where it begins in the text."""

    name: str
    type: str
    at: int
    unique: bool = False
    refers: bool = False


@dataclass
class TextTable:
    """A table, with the columns with which its constraints and indexes begin."""

    name: str
    columns: list[TextColumn] = field(default_factory=list[TextColumn])
    unique: set[str] = field(default_factory=set[str])
    keyed: set[str] = field(default_factory=set[str])
    referring: set[str] = field(default_factory=set[str])


@dataclass(frozen=True)
class TextIndex:
    """An index that is made by itself."""

    table: str
    columns: tuple[str, ...]
    unique: bool


def read_ddl(text: str) -> Iterator[TextTable | TextIndex]:
    """Yield the tables and indexes that a text makes."""
    words = tokens(text)
    for at, (word, _start) in enumerate(words):
        if word not in ("create", "alter"):
            continue
        following = [one for one, _ in words[at + 1 : at + 5]]
        if word == "alter":
            yield from _altered(words[at + 1 :])
        elif "table" in following[:3]:
            yield from _table(words[at + 1 + following.index("table") + 1 :])
        elif "index" in following[:2]:
            yield from _index(words[at + 1 + following.index("index") + 1 :], unique="unique" in following[:1])


def _table(words: _Words) -> Iterator[TextTable]:
    name, rest = _name(words)
    if not rest or rest[0][0] != "(":
        return
    found = TextTable(name)
    for part in _parts(rest):
        plain = [word for word, _ in part]
        if plain[0] in _CONSTRAINTS and len(plain) > 1:
            _constrain(found, plain)
        elif len(plain) > 1:
            unique = "unique" in plain or "primary" in plain
            found.columns.append(TextColumn(plain[0], plain[1], part[0][1], unique, "references" in plain))
    yield found


def _constrain(table: TextTable, words: list[str]) -> None:
    """Note what a constraint of a table says of its columns."""
    if words[0] == "constraint":
        words = words[2:]
    columns = _listed(words)
    if not words or not columns:
        return
    if words[0] == "foreign":
        table.referring.add(columns[0])
    elif words[0] in _KEYS:
        table.keyed.add(columns[0])
    if words[0] in ("unique", "primary"):
        table.unique.update(columns)


def _index(words: _Words, *, unique: bool) -> Iterator[TextIndex]:
    plain = [word for word, _ in words[:40]]
    if "on" in plain:
        table, rest = _name(words[plain.index("on") + 1 :])
        columns = _listed([word for word, _ in rest[:40]])
        if table and columns:
            yield TextIndex(table, tuple(columns), unique)


def _altered(words: _Words) -> Iterator[TextTable]:
    """Yield what `ALTER TABLE … ADD CONSTRAINT` says of a table."""
    if not words or words[0][0] != "table":
        return
    name, rest = _name(words[1:])
    plain = [word for word, _ in rest[:40]]
    if plain[:1] == ["add"] and plain[1:2] and plain[1] in _CONSTRAINTS:
        found = TextTable(name)
        _constrain(found, plain[1:])
        yield found


def _name(words: _Words) -> tuple[str, _Words]:
    """Return the name of a table, without its schema, and what comes after it."""
    at = 0
    while at < len(words) and words[at][0] in ("if", "not", "exists", "only", "concurrently"):
        at += 1
    if at + 2 < len(words) and words[at + 1][0] == ".":
        at += 2
    return (words[at][0] if at < len(words) else "", words[at + 1 :])


def _parts(words: _Words) -> Iterator[_Words]:
    """Yield what stands between the commas of the first brackets."""
    depth, part = 0, list[tuple[str, int]]()
    for word, start in words:
        if depth == 1 and word in (",", ")"):
            if part:
                yield part
            part = []
        elif depth > 0:
            part.append((word, start))
        depth += (word == "(") - (word == ")")
        if depth == 0:
            return


def _listed(words: list[str]) -> list[str]:
    """Return the columns in the first brackets; of `lower(email)` it is `email`."""
    if "(" not in words:
        return []
    inner = words[words.index("(") :]
    found: list[str] = []
    for part in _parts([(word, 0) for word in inner]):
        names = [word for word, _ in part if word.isidentifier() and word != HOLE]
        found += names[1:2] if len(part) > 1 and part[1][0] == "(" else names[:1]
    return found
