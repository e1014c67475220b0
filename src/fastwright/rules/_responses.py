"""Responses that are made by hand: where they are made, and the status that an endpoint answers a success with."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._rule import Bound, Class, Function, Instance, Route, Scope, View, library

_DEPTH = 5
# The second argument of these is the status.
_PLAIN = frozenset({"Response", "JSONResponse", "ORJSONResponse", "UJSONResponse", "HTMLResponse", "PlainTextResponse"})


def is_response(view: View, node: ast.expr | None, scope: Scope) -> bool:
    """Tell an expression that gives a response, also one of the project's own class of responses."""
    value = view.value(node, scope)
    if isinstance(value, Instance) and isinstance(value.of, Class):
        return view.evaluator.classes.inherits(value.of, _is_one)
    return _is_one(library(value))


def responses(view: View, node: ast.expr | None, scope: Scope, depth: int = _DEPTH) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield the responses that an expression may give, where they are made: in it, or in what it calls."""
    node = node.value if isinstance(node, ast.Await) else node
    called = view.value(node.func, scope) if isinstance(node, ast.Call) else None
    if isinstance(called, Bound) and isinstance(node, ast.Call) and depth:
        inner = view.evaluator.bind(called, node, scope)
        for returned in called.function.returned:
            yield from responses(view, returned, inner, depth - 1)
    elif isinstance(node, ast.Name) and depth:
        for one in scope.function.facts.bindings.get(node.id, ()) if scope.function is not None else ():
            yield from responses(view, one.value, scope, depth - 1) if one.kind == "value" else ()
    elif node is not None and is_response(view, node, scope):
        yield node, scope


def success(view: View, route: Route, function: Function) -> int | None:
    """Return the status of a success, or nothing if it is chosen in a way that cannot be followed."""
    scope = view.scope(function)
    assigned = [node for node in function.nodes(ast.Assign) if any(_is_status(one) for one in node.targets)]
    if any((view.constants.status(node.value, scope) or 0) < 400 for node in assigned):
        return None
    made = [one for returned in function.returned for one in responses(view, returned, scope)]
    found = {status_of(view, *one) for one in made}
    good = {one for one in found if one is None or one < 400}
    if good:
        return (
            next(iter(good))
            if len(good) == 1 and all(is_response(view, one, scope) for one in function.returned)
            else None
        )
    return view.status(route)


def status_of(view: View, node: ast.expr, scope: Scope) -> int | None:
    """Return the status of a response that is made there."""
    name = library(view.value(node, scope)).rpartition(".")[2]
    if not isinstance(node, ast.Call) or name not in _PLAIN:
        return _of_own_class(view, node, scope)
    given = next((one.value for one in node.keywords if one.arg == "status_code"), None)
    given = given or (node.args[1] if len(node.args) > 1 else None)
    return view.constants.status(given, scope) if given is not None else 200


def _of_own_class(view: View, node: ast.expr, scope: Scope) -> int | None:
    """Return the status that a class of the project gives its responses: `super().__init__(status_code=404)`."""
    value = view.value(node, scope)
    init = view.evaluator.member(value, "__init__") if isinstance(value, Instance) else None
    if not isinstance(init, Bound):
        return None
    given = (one for site in init.function.calls for one in site.node.keywords if one.arg == "status_code")
    return next((view.constants.status(one.value, view.scope(init.function)) for one in given), None)


def _is_one(path: str) -> bool:
    return path.rpartition(".")[2].endswith("Response") or "TemplateResponse" in path


def _is_status(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "status_code"
