"""The values with which a statement in text is sent: each with what stands before its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._rule import Called, View

_HOLE = re.compile(r"%\((?P<percent>\w+)\)s|(?<!:):(?P<colon>[A-Za-z_]\w*)|\$(?P<place>\d+)|%s|\?")


def holes(view: View, call: Called) -> Iterator[tuple[str, ast.expr]]:
    """Yield what stands before a place in SQL, and the value that is put there."""
    given = sql_argument(call.node)
    if given is None or not view.statements.sql(call.node, call.scope):
        return
    text = view.statements.texts.of(given, call.scope)
    written, _where = view.constants.written(given, call.scope) or (given, call.scope)
    yield from _formatted(written) if isinstance(written, ast.JoinedStr) else ()
    named, placed = _values(call.node)
    for count, hole in enumerate(_HOLE.finditer(text)):
        name = hole["percent"] or hole["colon"]
        place = int(hole["place"]) - 1 if hole["place"] else count
        value = named.get(name) if name else placed[place] if place < len(placed) else None
        if value is not None:
            yield text[: hole.start()], value


def _formatted(text: ast.JoinedStr) -> Iterator[tuple[str, ast.expr]]:
    for before, value in pairwise(text.values):
        if isinstance(before, ast.Constant) and isinstance(value, ast.FormattedValue):
            yield str(before.value), value.value


def _values(node: ast.Call) -> tuple[dict[str, ast.expr], list[ast.expr]]:
    """Return the values that a statement is sent with: those that have names, and those that have places."""
    named = {one.arg: one.value for one in node.keywords if one.arg}
    placed: list[ast.expr] = []
    for one in (*node.args[1:], *(one.value for one in node.keywords)):
        if isinstance(one, ast.Dict):
            pairs = zip(one.keys, one.values, strict=True)
            named |= {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}
        else:
            placed += one.elts if isinstance(one, ast.Tuple | ast.List) else [one]
    return named, placed
