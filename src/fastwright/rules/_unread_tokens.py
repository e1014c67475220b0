"""Endpoints that ask for a token at which nobody looks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._engine.guards import is_guard, refuses, scheme
from fastwright.rules._routes import WRITES
from fastwright.rules._rule import Dependency, Found, Route, View, on


def unread_tokens(view: View, operations: list[Route]) -> Iterator[Found]:
    """Yield endpoints that ask for a token at which nobody looks, where others of the app look at theirs."""
    schemes = [
        route
        for route in operations
        if any(scheme(one) and is_guard(one, view.evaluator) for one in route.dependencies)
    ]
    looking = [route for route in schemes if _looks(view, route)]
    in_middleware = any(b"iddleware" in module.content for module in view.naming("uthorization"))
    for route in schemes if looking and not in_middleware else ():
        if not _looks(view, route):
            message = f"any token is accepted here: nobody looks at it, while {looking[0].name} does"
            yield on(route, message, severity=None if route.method in WRITES else "medium")


def _looks(view: View, route: Route) -> bool:
    """Tell an endpoint that does something with the token it asks for, or has a guard beside the scheme."""
    if route.function is None or refuses(route.function):
        return True
    return any(_is_read(route, one) if scheme(one) else is_guard(one, view.evaluator) for one in route.dependencies)


def _is_read(route: Route, one: Dependency) -> bool:
    """Tell a token that something else asks for, or that the endpoint uses itself."""
    used = any(node.id == one.parameter for node in one.owner.nodes(ast.Name)) if one.owner is not None else False
    return used or (one.owner is not None and one.owner is not route.function)
