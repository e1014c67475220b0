"""Where the text of an error is put into something, and which errors of the project are answered with theirs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import arguments, called, last_name
from fastwright.rules._rule import Bound, Class, Function, Scope, View
from fastwright.rules._words import WORKERS

# What runs for a queue or a clock answers nobody.
JOBS = WORKERS | {"job", "scheduled_job"}
_TEXTS = frozenset({"str", "repr", "format", "__str__", "__repr__"})
_PARTS = frozenset({"args", "orig", "message", "msg", "__cause__", "__context__", "strerror"})
# What an error of the project may hold its text in.
_HELD = frozenset({"detail", "details", "description", "reason", "message", "msg", "error", "errors"})
_TOLD: WeakKeyDictionary[View, set[int]] = WeakKeyDictionary()


def registered(view: View) -> Iterator[tuple[ast.expr, Scope, Function]]:
    """Yield what `add_exception_handler(Exception, handler)` and `exception_handlers={Exception: handler}` name."""
    for site, scope in view.sites(view.naming("exception_handler"), lambda _name: True):
        pairs = [(site.node.args[0], site.node.args[1])] if _adds(site.node) else []
        for option in site.node.keywords:
            if option.arg == "exception_handlers" and isinstance(option.value, ast.Dict):
                pairs += [(key, one) for key, one in zip(option.value.keys, option.value.values, strict=True) if key]
        for error, handler in pairs:
            value = view.value(handler, scope)
            if isinstance(value, Bound):
                yield error, scope, value.function


def told_errors(view: View) -> set[int]:
    """Return the ids of the project's own errors of which a handler puts the text into the answer."""
    known = _TOLD.get(view)
    if known is None:
        pairs = list(registered(view))
        for function in (one for module in view.naming("exception_handler") for one in module.functions):
            calls = [one for one in function.node.decorator_list if called(one) == "exception_handler"]
            scope = view.scope(function.module)
            pairs += [(one.args[0], scope, function) for one in calls if isinstance(one, ast.Call) and one.args]
        told = [view.value(error, scope) for error, scope, handler in pairs if _hands_on(handler)]
        known = _TOLD[view] = {id(one) for one in told if isinstance(one, Class)}
    return known


def _hands_on(handler: Function) -> bool:
    """Tell a handler that answers with the text of the error, or with something else that it holds."""
    names = list(handler.parameters)[1:2]
    returned = [inner for one in handler.returned for inner in ast.walk(one)]
    return any(shows(one, name) for one in returned for name in names) or any(
        isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.attr in _HELD
        and one.value.id in names
        for one in returned
    )


def _adds(node: ast.Call) -> bool:
    return last_name(node.func) == "add_exception_handler" and len(node.args) > 1


def shows(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Call):
        given = [node.func.value] if isinstance(node.func, ast.Attribute) and not node.args else arguments(node)
        return last_name(node.func) in _TEXTS and any(is_error(one, name) for one in given)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        parts = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return any(is_error(one, name) for one in parts)
    if isinstance(node, ast.Attribute):
        return is_error(node, name)
    if isinstance(node, ast.FormattedValue):
        return is_error(node.value, name)
    if isinstance(node, ast.Dict):
        return any(is_error(one, name) for one in node.values)
    return isinstance(node, ast.keyword) and node.arg == "detail" and is_error(node.value, name)


def is_error(node: ast.AST, name: str) -> bool:
    """Tell an error, or what it says: `error`, `error.args[0]`, `error.orig or error`."""
    if isinstance(node, ast.Attribute):
        return node.attr in _PARTS and is_error(node.value, name)
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and is_error(node.value, name)
    if isinstance(node, ast.BoolOp):
        return any(is_error(one, name) for one in node.values)
    return bool(name) and isinstance(node, ast.Name) and node.id == name
