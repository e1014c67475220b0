"""Paths and the order of endpoints."""

from __future__ import annotations

import ast

from fastwright.rules._rule import Route, View


def segments(path: str) -> list[str]:
    """Return the steps of a path; a slash at the end makes one more, which is empty."""
    return path.removeprefix("/").split("/")


def is_first(view: View, one: Route, other: Route) -> bool:
    """Tell whether an endpoint is known to be registered before another.

    The map of the running app is in that order. Without it, only endpoints of one function of one file can be told.
    """
    if view.project is not None and not view.project.app.static:
        return view.routes.index(one) < view.routes.index(other)
    if one.module is not other.module or one.function is None or other.function is None:
        return False
    if one.decorator is None or other.decorator is None or one.function.outer is not other.function.outer:
        return False
    if ast.unparse(one.decorator.func).rpartition(".")[0] != ast.unparse(other.decorator.func).rpartition(".")[0]:
        return False
    return _place(one) < _place(other)


def _place(route: Route) -> tuple[int, int]:
    """Return where an endpoint is registered: of several decorators on a function, the lowest one comes first."""
    line = route.function.node.lineno if route.function else 0
    decorator = route.decorator.lineno if route.decorator else 0
    return line, -decorator
