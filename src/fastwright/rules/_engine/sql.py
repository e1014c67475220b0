"""SQL in text, read as far as the rules ask: what a statement does, to which table, and for how many rows.

This is no parser of any dialect. It knows words, brackets and commas; what it does not know it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

# Stands for a value that is written into the text by code.
HOLE = "?"
_TOKEN = re.compile(
    r"(?P<none>--[^\n]*|/\*.*?\*/|\s+)|(?P<text>'(?:[^']|'')*')|(?P<name>\"[^\"]+\"|`[^`]+`|\[[A-Za-z_][\w ]*\])"
    r"|(?P<given>%\(\w+\)s|%s|:\w+|\$\d+|\?\d*|@\w+)|(?P<word>[A-Za-z_][\w$]*)|(?P<number>\d[\d.]*)|(?P<sign>::|[<>!]=|.)",
    re.DOTALL,
)
_BEGINS = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(SELECT\s|INSERT\s+(?:OR\s|IGNORE\s|INTO\s)|UPDATE\s+\S+\s+(?:AS\s+|\w+\s+)?SET\s|"
    r"UPDATE\s+(?:OR|ONLY)\s|DELETE\s+FROM\s|WITH\s+\S+.*?\bAS\b|REPLACE\s+INTO\s|MERGE\s+INTO\s|"
    r"(?:CREATE|DROP|ALTER)\s+(?:OR\s|TABLE\s|INDEX\s|UNIQUE\s|VIEW\s|TEMP|VIRTUAL\s|TRIGGER\s|SCHEMA\s|TYPE\s|EXTENSION\s|"
    r"DATABASE\s|ROLE\s|USER\s)|EXPLAIN\s|COPY\s|TRUNCATE\s|PRAGMA\s|BEGIN\b|COMMIT\b|ROLLBACK\b|SET\s+\w+\s*(?:=|TO\b)|CALL\s+\w|EXEC(?:UTE)?\s+\w)",
    re.IGNORECASE | re.DOTALL,
)
CHANGES = frozenset({"insert", "update", "delete", "replace", "merge", "drop", "alter", "truncate", "create"})
_VERBS = CHANGES | {"select"}
# Before the name of the table that a statement is about.
_BEFORE = frozenset({"from", "into", "update", "table", "only", "truncate"})
_BETWEEN = frozenset({"only", "if", "exists", "not", "table", "or", "ignore", "replace", "abort", "rollback", "fail"})
_SUMS = frozenset({"count", "sum", "avg", "min", "max", "total", "exists", "coalesce", "bool_or", "bool_and"})
_SUMS_TOO = frozenset({"json_agg", "jsonb_agg", "array_agg", "string_agg", "group_concat", "last_insert_rowid"})
_KEYS = frozenset({"id", "uuid", "pk", "rowid"})
_MOST = 20_000


@dataclass(frozen=True)
class Sql:
    """One statement. `columns` are those that an INSERT or UPDATE sets by name, with what each is set to.

    `limited` says that it gives a few rows by itself; `filtered` that there is a condition.
    """

    verb: str
    table: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    limited: bool = False
    filtered: bool = False
    upserts: bool = False

    @property
    def changes(self) -> bool:
        """Whether rows or tables are different afterwards."""
        return self.verb in CHANGES


def is_sql(text: str) -> bool:
    """Tell a text that begins like a statement, and not like a sentence."""
    return _BEGINS.match(text) is not None


@lru_cache(maxsize=4096)
def read_sql(text: str) -> tuple[Sql, ...]:
    """Return the statements in a text, or nothing if it is none."""
    if not is_sql(text):
        return ()
    found: list[Sql] = []
    for words in _split(_tokens(text[:_MOST]), ";"):
        verb = next((word for word, depth in _levels(words) if depth == 0 and word in _VERBS), "")
        found += [_statement(verb, words)] if verb else []
    return tuple(found)


def tokens(text: str) -> list[tuple[str, int]]:
    """Return the words and signs of a text with where each begins; names are small and without quotes."""
    found: list[tuple[str, int]] = []
    for one in _TOKEN.finditer(text):
        if one.lastgroup == "none":
            continue
        word = one.group()
        word = HOLE if one.lastgroup == "given" else word[1:-1] if one.lastgroup == "name" else word
        found.append((word if one.lastgroup == "text" else word.lower(), one.start()))
    return found


def _tokens(text: str) -> list[str]:
    return [word for word, _start in tokens(text)]


def _statement(verb: str, words: list[str]) -> Sql:
    start = next(at for at, (word, depth) in enumerate(_levels(words)) if depth == 0 and word == verb)
    body = words[start:]
    plain = [word for word, depth in _levels(body) if depth == 0]
    filtered = "where" in plain or "having" in plain
    table = _table(body)
    if verb == "select":
        limited = bool({"limit", "fetch", "top"} & set(plain)) or _is_single(body, plain) or "from" not in plain
        return Sql(verb, table, limited=limited, filtered=filtered)
    upserts = "conflict" in plain or "duplicate" in plain or plain[1:3] in (["or", "ignore"], ["or", "replace"])
    upserts = (
        upserts or verb in ("replace", "merge") or plain[1:2] == ["ignore"] or ("not" in body and "exists" in body)
    )
    return Sql(verb, table, tuple(_columns(verb, body)), filtered=filtered, upserts=upserts)


def _is_single(body: list[str], plain: list[str]) -> bool:
    """Tell a statement for one row, or for a few: a sum, a group each, or rows that are named by their keys."""
    after = plain[plain.index("where") :] if "where" in plain else []
    if any(word in _KEYS and sign in ("=", "in") for word, sign in pairwise(after)) or "any" in after:
        return True
    return "group" in plain or all(_is_sum(one) for one in _split(_between(body), ",", nested=False))


def _is_sum(words: list[str]) -> bool:
    return bool(words) and words[0] in _SUMS | _SUMS_TOO and "over" not in words


def _between(body: list[str]) -> list[str]:
    """Return what stands between SELECT and FROM."""
    end = next((at for at, (word, depth) in enumerate(_levels(body)) if depth == 0 and word == "from"), len(body))
    return body[1:end]


def _table(body: list[str]) -> str:
    levels = list(_levels(body))
    for at, (word, depth) in enumerate(levels):
        if depth == 0 and word in _BEFORE:
            rest = [one for one, _depth in levels[at + 1 : at + 10]]
            while rest and rest[0] in _BETWEEN:
                rest.pop(0)
            if len(rest) > 2 and rest[1] == ".":
                rest = rest[2:]
            return rest[0] if rest and rest[0] != "(" else ""
    return ""


def _columns(verb: str, body: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the columns that are set, with what they are set to where that is plain."""
    levels = list(_levels(body))
    if verb in ("insert", "replace"):
        begin = next((at for at, (word, _depth) in enumerate(levels) if word == "("), len(body))
        names = [one[0] for one in _split(_group(body, begin), ",", nested=False) if len(one) == 1]
        after = next((at for at, (word, depth) in enumerate(levels) if depth == 0 and word == "values"), len(body))
        if begin > after:
            return
        values = list(_split(_group(body, after + 1), ",", nested=False))
        for number, name in enumerate(names):
            yield name, " ".join(values[number]) if number < len(values) else HOLE
    elif verb == "update":
        begin = next((at for at, (word, depth) in enumerate(levels) if depth == 0 and word == "set"), len(body))
        end = next((at for at, (word, _depth) in enumerate(levels) if at > begin and word == "where"), len(body))
        for one in _split(body[begin + 1 : end], ",", nested=False):
            if len(one) > 2 and one[1] == "=":
                yield one[0], " ".join(one[2:])


def _group(words: list[str], begin: int) -> list[str]:
    """Return what is in the brackets that are opened there."""
    depth = 0
    for at in range(begin, len(words)):
        depth += (words[at] == "(") - (words[at] == ")")
        if depth == 0:
            return words[begin + 1 : at]
    return words[begin + 1 :]


def _levels(words: list[str]) -> Iterator[tuple[str, int]]:
    """Yield words with how deep in brackets they are; a bracket is as deep as what it stands in."""
    depth = 0
    for word in words:
        depth -= word == ")"
        yield word, depth
        depth += word == "("


def _split(words: list[str], sign: str, *, nested: bool = True) -> Iterator[list[str]]:
    part: list[str] = []
    for word, depth in _levels(words):
        if word == sign and (nested or depth == 0):
            yield part
            part = []
        else:
            part.append(word)
    if part:
        yield part
