"""Statements that are written as text: which table, which columns are asked for, and whose its rows are."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from fastwright.rules._rule import View
from fastwright.rules._words import is_author, is_owner

_OWNERS: WeakKeyDictionary[View, dict[str, frozenset[str]]] = WeakKeyDictionary()
_VERB = re.compile(r"^\s*(select|update|delete|insert|create\s+table)\b", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:from|update|into|join|table(?:\s+if\s+not\s+exists)?)\s+[\"`]?(\w+)", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b(.*)", re.IGNORECASE | re.DOTALL)
_EQUAL = re.compile(r"(\w+)[\"`]?\s*=\s*(?:\?|%s|%\(\w+\)s|:\w+|\$\d+|\{)")


@dataclass(frozen=True)
class Statement:
    """A statement: its verb, its tables, and the columns that have to be equal to what it is given."""

    verb: str
    tables: tuple[str, ...]
    asked: frozenset[str]


def statement(text: str) -> Statement | None:
    """Read a text of SQL; nothing if it is none."""
    verb = _VERB.match(text)
    tables = tuple(dict.fromkeys(one.lower() for one in _TABLE.findall(text)))
    if verb is None or not tables:
        return None
    where = _WHERE.search(text)
    asked = frozenset(one.lower() for one in _EQUAL.findall(where[1])) if where is not None else frozenset[str]()
    return Statement(verb[1].split()[0].lower(), tables, asked)


def sql_owners(view: View) -> dict[str, frozenset[str]]:
    """Return for each table the columns that say whose a row is, as the statements of the project name them."""
    known = _OWNERS.get(view)
    if known is None:
        found: dict[str, set[str]] = {}
        for module in view.naming("SELECT ", "select ", "INSERT ", "insert "):
            for node in ast.walk(module.tree):
                text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
                read = statement(text) if text else None
                if read is not None and len(read.tables) == 1:
                    names = {one.lower() for one in re.findall(r"\w+", text)}
                    owners = {name for name in names if is_owner(name) or is_author(name)}
                    found.setdefault(read.tables[0], set()).update(owners)
        known = _OWNERS[view] = {table: frozenset(names) for table, names in found.items()}
    return known
