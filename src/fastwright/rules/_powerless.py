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


def of_nobody(view: View) -> Iterator[Found]:
    """Yield `if not user and not verify(…, user.password)`: whoever is there is not looked at."""
    for function in view.functions:
        for node in function.nodes(ast.If):
            test = node.test
            if not isinstance(test, ast.BoolOp) or not isinstance(test.op, ast.And) or not _refuses(node.body):
                continue
            missing = {name for one in test.values if (name := _missing(one))}
            for one in test.values:
                read = {ast.unparse(part.value) for part in ast.walk(one) if isinstance(part, ast.Attribute)}
                if isinstance(one, ast.UnaryOp) and missing & read:
                    message = f"`{min(missing & read)}` is looked at only where there is none: this wants `or`"
                    yield at(function, node, message)


def _missing(test: ast.expr) -> str:
    """Return what is not there if a part of a test holds: `not user`, `user is None`."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and isinstance(test.operand, ast.Name):
        return test.operand.id
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is) and isinstance(test.left, ast.Name):
        return test.left.id
    return ""


def _refuses(body: list[ast.stmt]) -> bool:
    last = body[-1]
    value = getattr(last.value, "value", 0) if isinstance(last, ast.Return) and last.value is not None else None
    return isinstance(last, ast.Raise) or (isinstance(last, ast.Return) and value in (None, False))
