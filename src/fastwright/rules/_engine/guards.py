"""What in an endpoint's dependencies looks at who is calling."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.rules._engine.endpoints import Dependency, Route
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.values import Instance

_REFUSING: WeakKeyDictionary[Function, bool] = WeakKeyDictionary()
_REFUSALS = (
    *("401", "403", "UNAUTHORIZED", "FORBIDDEN", "Unauthorized", "Forbidden", "NotAuthenticated", "Unauthenticated"),
    *("Credential", "PermissionDenied", "AccessDenied"),
)
_GUARDING = ("current_user", "currentuser", "require", "auth", "permission", "logged_in", "login_required", "role")
_CREDENTIALS = ("authorization", "token", "api_key", "apikey", "x_api_key", "session", "cookie", "bearer", "jwt")


def scheme(one: Dependency) -> bool:
    """Tell a security scheme of FastAPI."""
    return one.path.startswith("fastapi.security") and "RequestForm" not in one.path


def claims_auth(route: Route) -> bool:
    """Tell whether the dependencies of an endpoint refuse a caller without credentials, as far as can be read."""
    return any(is_guard(one) for one in route.dependencies)


def is_guard(one: Dependency) -> bool:
    """Tell a dependency that refuses by itself: a scheme that does, or a function that raises 401 or 403."""
    if scheme(one):
        made = one.value.made if isinstance(one.value, Instance) else None
        return made is None or not any(
            option.arg == "auto_error" and getattr(option.value, "value", True) is False for option in made[0].keywords
        )
    function = one.function
    if function is None:
        return _is_named_guard(one)
    return refuses(function)


def _is_named_guard(one: Dependency) -> bool:
    """Tell what a library or a factory makes, of which the code is not seen, by what it is called."""
    if one.target is None or one.path.startswith("fastapi."):
        return False
    text = f"{ast.unparse(one.target)} {one.path}".lower()
    return any(word in text for word in _GUARDING)


def refuses(function: Function) -> bool:
    """Tell a function, or one that it makes, that raises what is 401 or 403."""
    known = _REFUSING.get(function)
    if known is None:
        own = any(_is_refusal(function, node) for node in function.nodes(ast.Raise))
        known = _REFUSING[function] = own or any(refuses(inner) for inner in function.inner)
    return known


def _is_refusal(function: Function, node: ast.Raise) -> bool:
    return any(any(word in text for word in _REFUSALS) for text in _raised(function, node))


def _raised(function: Function, node: ast.Raise) -> Iterator[str]:
    if node.exc is None:
        return
    yield ast.unparse(node.exc)
    if isinstance(node.exc, ast.Name):
        for binding in function.facts.bindings.get(node.exc.id, ()):
            yield ast.unparse(binding.value)
        for value in function.module.values.get(node.exc.id, ()):
            yield ast.unparse(value)
