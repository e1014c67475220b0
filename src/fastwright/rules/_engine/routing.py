"""From the endpoints of the map to their functions, and to those endpoints that the map does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from fastwright.project.model import Auth, Endpoint, Project
from fastwright.rules._engine.endpoints import METHODS, Depending, Route
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.guards import claims_auth
from fastwright.rules._engine.modules import Class, Index
from fastwright.rules._engine.values import Bound, Scope

_MAKERS = frozenset({"FastAPI", "APIRouter"})


def find_routes(project: Project | None, index: Index, evaluator: Evaluator, depending: Depending) -> list[Route]:
    """Return the endpoints in the order in which they are registered, as far as that is known."""
    functions = {(one.module.path, one.node.lineno): one for module in index.own for one in module.functions}
    routes: list[Route] = []
    for endpoint in project.endpoints if project else ():
        function = functions.get((endpoint.file or "", endpoint.line or 0))
        decorator = _decorator(function, endpoint.method) if function else None
        routes.append(Route(endpoint, function.module if function else None, function, decorator, is_mapped=True))
    known = {(id(route.function), route.method) for route in routes}
    written = [*_unmapped(index, evaluator, depending), *_added(index, evaluator, depending)]
    routes += (one for one in written if (id(one.function), one.method) not in known)
    registered = {(id(one.function), one.method): one for one in written if one.where is not None}
    is_static = project is None or project.app.static
    for route in routes:
        added = registered.get((id(route.function), route.method)) if route.decorator is None else None
        if added is not None:
            route.decorator, route.where = added.decorator, added.where
        route.dependencies = list(depending.of(route))
        if is_static and not route.endpoint.auth.required and claims_auth(route, evaluator):
            auth = route.endpoint.auth.model_copy(update={"required": True, "claimed": True})
            route.endpoint = route.endpoint.model_copy(update={"auth": auth})
    return routes


def _decorator(function: Function, method: str) -> ast.Call | None:
    found = [call for verb, call in _registrations(function) if verb.attr in (method.lower(), "api_route", "websocket")]
    return found[0] if found else None


def _registrations(function: Function) -> Iterator[tuple[ast.Attribute, ast.Call]]:
    for one in function.node.decorator_list:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in METHODS:
            yield one.func, one


def _unmapped(index: Index, evaluator: Evaluator, depending: Depending) -> Iterator[Route]:
    """Yield what is registered at a router or an app that the map did not lead to."""
    for module in index.own:
        if b"APIRouter" not in module.content and b"FastAPI" not in module.content and b"router" not in module.content:
            continue
        for function in module.functions:
            for registered, call in _registrations(function):
                where = evaluator.scope(function.outer or module)
                made = depending.router(registered.value, where)
                if made is not None and _is_router(made.func, evaluator.scope(module), evaluator):
                    yield from _routes(function, registered.attr, call, _text(_keyword(made, "prefix")))


def _added(index: Index, evaluator: Evaluator, depending: Depending) -> Iterator[Route]:
    """Yield what `router.add_api_route("/path", function, methods=[…])` registers."""
    for module in index.own:
        for owner in (module, *module.functions) if b"add_api_route" in module.content else ():
            scope = evaluator.scope(owner)
            for site in owner.facts.calls:
                call = site.node
                given = _keyword(call, "endpoint") or (call.args[1] if len(call.args) > 1 else None)
                value = evaluator.evaluate(given, scope) if site.name == "add_api_route" else None
                if isinstance(value, Bound) and isinstance(call.func, ast.Attribute):
                    made = depending.router(call.func.value, scope)
                    prefix = _text(_keyword(made, "prefix")) if made is not None else ""
                    yield from (replace(one, where=owner) for one in _routes(value.function, "api_route", call, prefix))


def _is_router(node: ast.expr, scope: Scope, evaluator: Evaluator) -> bool:
    """Tell `FastAPI`, `APIRouter`, and a class of the project that inherits from one of them."""
    made = evaluator.evaluate(node, scope)
    if isinstance(made, Class):
        return evaluator.classes.inherits(made, lambda path: path.rpartition(".")[2] in _MAKERS)
    return _name(node) in _MAKERS


def _routes(function: Function, verb: str, call: ast.Call, prefix: str) -> Iterator[Route]:
    path = prefix + _text(call.args[0] if call.args else _keyword(call, "path"))
    methods = [verb.upper()]
    if verb == "api_route":
        listed = _keyword(call, "methods")
        items = listed.elts if isinstance(listed, ast.List | ast.Tuple | ast.Set) else []
        methods = [str(one.value).upper() for one in items if isinstance(one, ast.Constant)] or ["GET"]
    response = _keyword(call, "response_model") or function.node.returns
    status = _keyword(call, "status_code")
    for method in methods:
        endpoint = Endpoint(
            name=function.name,
            file=function.module.path,
            line=function.node.lineno,
            method=method,
            path=path,
            kind="websocket" if verb == "websocket" else "operation",
            auth=Auth(required=False, proven=False, claimed=False),
            request_model=None,
            response_model=ast.unparse(response) if response is not None else None,
            status_code=status.value if isinstance(status, ast.Constant) and isinstance(status.value, int) else None,
            is_async=function.is_async,
        )
        yield Route(endpoint, function.module, function, call)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def _text(node: ast.expr | None) -> str:
    """Return a path as it is written; one that is computed is shown by the expression, so that two are not the same."""
    if node is None:
        return ""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else f"<{ast.unparse(node)}>"


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
