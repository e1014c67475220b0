"""Guards that are there and refuse nobody: above the decorator that registers, not raised, or not awaited."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._engine.guards import refuses
from fastwright.rules._rule import Bound, Found, View, at


def above(view: View) -> Iterator[Found]:
    """Yield a decorator that refuses, above the one that registers: what is served is the function without it."""
    for route in view.routes:
        decorators = route.function.node.decorator_list if route.function is not None else []
        place = decorators.index(route.decorator) if route.decorator in decorators else 0
        for one in decorators[:place]:
            made = one.func if isinstance(one, ast.Call) else one
            guard = view.value(made, view.scope(route.function.module)) if route.function is not None else None
            if isinstance(guard, Bound) and refuses(guard.function) and not guard.function.name.startswith("handle"):
                message = f"`{guard.function.name}` is above the decorator that registers this, so nobody asks it"
                yield at(route.function or guard.function, one, message, route=route)


def for_nothing(view: View) -> Iterator[Found]:
    """Yield an error that is made and not raised, and a guard that is called and not awaited."""
    for function in view.functions:
        for node in function.nodes(ast.Expr):
            if not isinstance(node.value, ast.Call):
                continue
            called = view.value(node.value.func, view.scope(function))
            if view.library(node.value.func, view.scope(function)).endswith("HTTPException"):
                yield at(function, node, "this error is made and not raised, so nobody is refused")
            elif isinstance(called, Bound) and called.function.is_async and refuses(called.function):
                yield at(function, node, f"nobody awaits `{called.function.name}`, so it refuses nobody")
