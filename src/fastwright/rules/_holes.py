"""The values with which a statement in text is sent: each with what stands before its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._rule import Called, Scope, View

_HOLE = re.compile(r"%\((?P<percent>\w+)\)s|(?<!:):(?P<colon>[A-Za-z_]\w*)|\$(?P<place>\d+)|%s|\?")


_Value = tuple[ast.expr, Scope]


def holes(view: View, call: Called) -> Iterator[tuple[str, ast.expr, Scope]]:
    """Yield what stands before a place in SQL, and the value that is put there, with where that is read."""
    given = sql_argument(call.node)
    if given is None or not view.statements.sql(call.node, call.scope):
        return
    text = view.statements.texts.of(given, call.scope)
    written, where = view.constants.written(given, call.scope) or (given, call.scope)
    yield from ((before, value, where) for before, value in _formatted(written))
    named, placed = _values(view, call)
    for count, hole in enumerate(_HOLE.finditer(text)):
        name = hole["percent"] or hole["colon"]
        place = int(hole["place"]) - 1 if hole["place"] else count
        value = named.get(name) if name else placed[place] if place < len(placed) else None
        if value is not None:
            yield text[: hole.start()], *value


def _formatted(text: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    for before, value in pairwise(text.values if isinstance(text, ast.JoinedStr) else ()):
        if isinstance(before, ast.Constant) and isinstance(value, ast.FormattedValue):
            yield str(before.value), value.value


def _values(view: View, call: Called) -> tuple[dict[str, _Value], list[_Value]]:
    """Return the values that a statement is sent with: those that have names, and those that have places."""
    named: dict[str, _Value] = {one.arg: (one.value, call.scope) for one in call.node.keywords if one.arg}
    placed: list[_Value] = []
    for given in (*call.node.args[1:], *(one.value for one in call.node.keywords)):
        one, where = given.value if isinstance(given, ast.Starred) else given, call.scope
        if isinstance(one, ast.Name):
            one, where = view.constants.written(one, where) or (one, where)
        if isinstance(one, ast.Dict):
            pairs = zip(one.keys, one.values, strict=True)
            named |= {str(key.value): (value, where) for key, value in pairs if isinstance(key, ast.Constant)}
        elif isinstance(one, ast.Tuple | ast.List):
            placed += ((part, where) for part in one.elts)
        else:
            placed.append((given, call.scope))
    return named, placed
