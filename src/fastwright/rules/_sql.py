"""Which columns a statement in text asks for: those that have to be equal to what it is given."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastwright.rules._engine.sql import read_sql

_WHERE = re.compile(r"\bwhere\b(.*)", re.IGNORECASE | re.DOTALL)
_EQUAL = re.compile(r"(\w+)[\"`]?\s*=\s*(?:\?|%s|%\(\w+\)s|:\w+|\$\d+)")
_JOINED = re.compile(r"\bjoin\b", re.IGNORECASE)


@dataclass(frozen=True)
class Statement:
    """A statement about the rows of one table."""

    verb: str
    table: str
    asked: frozenset[str]


def statement(text: str) -> Statement | None:
    """Read a text of SQL; nothing if it is none, or is about several tables."""
    found = read_sql(text)
    if len(found) != 1 or not found[0].table or _JOINED.search(text):
        return None
    where = _WHERE.search(text)
    asked = frozenset(one.lower() for one in _EQUAL.findall(where[1])) if where is not None else frozenset[str]()
    return Statement(found[0].verb, found[0].table, asked)
