"""Which tables an endpoint asks for rows, and to which it adds some."""

from __future__ import annotations

import ast
from weakref import WeakKeyDictionary

from fastwright.rules._rule import Class, Route, Scope, View

_ASKING = frozenset({"select", "query", "get", "get_one", "select_from"})
_READ: WeakKeyDictionary[Route, frozenset[Class]] = WeakKeyDictionary()
_MADE: WeakKeyDictionary[Route, frozenset[Class]] = WeakKeyDictionary()


def read(view: View, route: Route) -> frozenset[Class]:
    """Return the models of which an endpoint asks for rows."""
    known = _READ.get(route)
    if known is None:
        calls = (one for one in view.calls(route, "endpoint") if one.name in _ASKING)
        given = (_model(view, one, call.scope) for call in calls for one in call.node.args)
        known = _READ[route] = frozenset(one for one in given if one is not None)
    return known


def made(view: View, route: Route) -> frozenset[Class]:
    """Return the models of which an endpoint makes rows."""
    known = _MADE.get(route)
    if known is None:
        calls = [one for one in view.calls(route, "endpoint") if not one.within.later]
        found = {one.value for one in calls if isinstance(one.value, Class) and view.fields.is_model(one.value)}
        inserts = (_model(view, one.node.args[0], one.scope) for one in calls if one.name == "insert" and one.node.args)
        known = _MADE[route] = frozenset(found | {one for one in inserts if one is not None})
    return known


def _model(view: View, node: ast.expr, scope: Scope) -> Class | None:
    """Return the model that is named, as a whole or by a column."""
    for one in (node, node.value) if isinstance(node, ast.Attribute) else (node,):
        value = view.value(one, scope)
        if isinstance(value, Class) and view.fields.is_model(value):
            return value
    return None
