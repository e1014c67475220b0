"""What the code looked into, and with which keys it would have found something: `DB[id]`, `DB.get(id)`, `id in DB`."""

from __future__ import annotations

import ast
from typing import Any

from fastwright.diagnose.guest.evaluating import Variables, asked, function_name
from fastwright.diagnose.guest.plain import plain

_MOST = 12

Facts = list[dict[str, Any]]


def lookups(node: ast.expr | None, variables: Variables) -> Facts:
    """Return the keys of whatever an expression looks into."""
    if isinstance(node, ast.Await):
        return lookups(node.value, variables)
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return _sought(node, variables)
    if isinstance(node, ast.Subscript):
        return inside(node.value, node.slice, variables)
    if isinstance(node, ast.Call) and node.args:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            return inside(node.func.value, node.args[0], variables)
        if function_name(node) in ("next", "list"):
            return lookups(node.args[0], variables)
    return []


def inside(container: ast.expr, key: ast.expr, variables: Variables) -> Facts:
    """Return the keys of a container, as what `key` could have been."""
    found: Any = variables.value(container)
    if not isinstance(found, (dict, list, tuple, set, frozenset)) or not found:
        return []
    keys: Any = list(found)[:_MOST]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return [_choice(key, [plain(one) for one in keys])]


def tried(function: Any, line: int, variables: Variables) -> Facts:
    """Return what a `try` looked into whose handler is at a line."""
    for node in ast.walk(function):
        if isinstance(node, ast.Try) and any(_has(handler.body, line) for handler in node.handlers):
            inner = [one for statement in node.body for one in ast.walk(statement) if isinstance(one, ast.expr)]
            return [fact for one in inner for fact in lookups(one, variables)]
    return []


def _sought(node: ast.GeneratorExp | ast.ListComp, variables: Variables) -> Facts:
    """Return what would have been found by `u for u in USERS if u["id"] == id`."""
    generator = node.generators[0]
    items: Any = variables.value(generator.iter)
    if not isinstance(generator.target, ast.Name) or isinstance(items, (str, bytes)) or not hasattr(items, "__iter__"):
        return []
    name = generator.target.id
    found: Facts = []
    for test in [one for condition in generator.ifs for one in ast.walk(condition) if isinstance(one, ast.Compare)]:
        sides = [test.left, *test.comparators]
        own = next((side for side in sides if name in _names(side)), None)
        other = next((side for side in sides if name not in _names(side)), None)
        if own is not None and other is not None:
            each = [plain(variables.value(own, **{name: item})) for item in list(items)[:_MOST]]
            found.append(_choice(other, [one for one in each if one is not None]))
    return found


def _choice(key: ast.expr, choices: list[Any]) -> dict[str, Any]:
    return {"kind": "choice", "subject": ast.unparse(asked(key)), "choices": choices}


def _has(body: list[ast.stmt], line: int) -> bool:
    return any(node.lineno <= line <= (node.end_lineno or line) for node in body)


def _names(node: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
