"""Passwords as they were typed: values of which nothing was made, and what makes a hash of them on the way."""

from __future__ import annotations

import ast

from fastwright.rules._rule import Class, Origin, Route, Scope, View, project_class
from fastwright.rules._words import is_plain_password

_ENCODES = frozenset({"b64encode", "urlsafe_b64encode", "b32encode", "hexlify", "decode", "hex", "quote", "encode"})


def is_plain(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a value that a caller sent as a password, and nothing was made of it."""
    return any(_is_typed(view, one, 4) for one in view.origins.of(node, scope))


def _is_typed(view: View, origin: Origin, depth: int) -> bool:
    if origin.kind == "call":
        is_encoded = origin.name in _ENCODES and depth > 0
        return is_encoded and any(_is_typed(view, one, depth - 1) for one in origin.parents)
    if origin.kind == "constant" or not is_plain_password(origin.name):
        return False
    if origin.kind == "field":
        return origin.owner is None or view.fields.is_schema(origin.owner)
    return origin.function is None or origin.function.name != "__init__"  # of an object that was made elsewhere


def is_hashed(view: View, route: Route, model: Class, name: str) -> bool:
    """Tell a column that is hashed by its model, or set again to what a function made: `user.password = hashed`."""
    return hashes(model) or any(
        isinstance(target, ast.Attribute)
        and target.attr == name
        and not is_plain(view, node.value, reached.scope)
        and project_class(view.value(target.value, reached.scope)) is model
        for reached in view.reached(route, "endpoint")
        for node in reached.function.nodes(ast.Assign)
        for target in node.targets
    )


def is_kept_plain(view: View, route: Route, node: ast.expr, scope: Scope) -> bool:
    """Tell a password that was sent, and was not set to a hash before it was handed on."""
    return is_plain(view, node, scope) and not is_replaced(view, route, node, scope)


def is_replaced(view: View, route: Route, node: ast.expr, scope: Scope) -> bool:
    """Tell a field of what was sent that was set to a hash before it was handed on: `body.password = hashed`."""
    fields = [one for one in view.origins.of(node, scope) if one.kind == "field" and one.owner is not None]
    return any(
        is_hashed(view, route, one.owner, one.name) and view.fields.is_schema(one.owner)
        for one in fields
        if one.owner is not None
    )


def hashes(owner: Class) -> bool:
    """Tell a class that makes a hash of its own fields, in a validator or a setter."""
    return any(
        "hash" in ast.unparse(method.node).lower() for method in owner.methods.values() if method.node.decorator_list
    )
