"""What in an endpoint's dependencies looks at who is calling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import arguments, last_name
from fastwright.rules._engine.endpoints import Dependency, Route
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import Bound, Instance

_REFUSING: WeakKeyDictionary[Function, bool] = WeakKeyDictionary()
_REFUSALS = re.compile(
    r"\b40[13]\b|HTTP_40[13]|unauthori[sz]ed|forbidden|not_?authori[sz]ed|not_?authenticated|unauthenticated"
    r"|/(?:login|sign-?in)\b|(?:login|sign_?in|auth)_?(?:needed|required)|not_?(?:logged|signed)_?in|Credential|permission_?denied|access_?denied|Auth(?:entication|orization)?(?:Error|Exception|Failed)|InvalidToken",
    re.IGNORECASE,
)
_GUARDING = ("current_user", "currentuser", "require", "auth", "permission", "logged_in", "login_required", "role")
# What a credential is called where a header, a cookie or the query brings it.
_CREDENTIAL = re.compile(
    r"token|authori[sz]ation|api_?key|jwt|bearer|credential|access_?key|session_?(?:id|key|token)|signature|^sid$|^auth$"
)
_PARTS = frozenset({"headers", "cookies", "session", "query_params"})
_REQUESTS = frozenset({"request", "req", "websocket", "conn", "connection", "scope"})


def scheme(one: Dependency) -> bool:
    """Tell a security scheme of FastAPI."""
    return one.path.startswith("fastapi.security") and "RequestForm" not in one.path


def claims_auth(route: Route, evaluator: Evaluator) -> bool:
    """Tell whether the dependencies of an endpoint refuse a caller without credentials, as far as can be read."""
    return any(is_guard(one, evaluator) for one in route.dependencies)


def is_guard(one: Dependency, evaluator: Evaluator) -> bool:
    """Tell a dependency that refuses: a scheme that does, a function that raises 401 or 403, or calls one that does."""
    if scheme(one):
        made = one.value.made if isinstance(one.value, Instance) else None
        return made is None or not any(
            option.arg == "auto_error" and getattr(option.value, "value", True) is False for option in made[0].keywords
        )
    function = one.function
    if function is None:
        return _is_named_guard(one)
    return not lets_nobody_in(function) and (refuses(function) or _refuses_by_call(function, evaluator))


def lets_nobody_in(function: Function) -> bool:
    """Tell a function that gives nothing where no credential came: `if not token: return None`."""
    for node in function.nodes(ast.If):
        tested = node.test.operand if isinstance(node.test, ast.UnaryOp) else node.test
        if isinstance(node.test, ast.Compare) and isinstance(node.test.ops[0], ast.Is):
            tested = node.test.left
        is_missing = isinstance(node.test, ast.UnaryOp) or tested is not node.test
        if not is_missing or not isinstance(tested, ast.Name) or tested.id not in function.parameters:
            continue
        last = node.body[-1]
        is_nothing = isinstance(last, ast.Return) and (last.value is None or getattr(last.value, "value", 0) is None)
        if is_nothing and is_credential(tested.id):
            return True
    return False


def _refuses_by_call(function: Function, evaluator: Evaluator) -> bool:
    """Tell a function that is given a credential, and hands it to one that refuses."""
    if not any(is_credential(name) for name in function.parameters) and not reads_credentials(function):
        return False
    scope = evaluator.scope(function)
    called = (evaluator.evaluate(site.node.func, scope) for site in function.calls)
    return any(isinstance(one, Bound) and refuses(one.function) for one in called)


def _is_named_guard(one: Dependency) -> bool:
    """Tell what a library or a factory makes, of which the code is not seen, by what it is called."""
    is_seen = isinstance(one.value, Class) and not one.value.node.bases
    if one.target is None or is_seen or one.path.startswith("fastapi."):
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


def is_credential(name: str) -> bool:
    """Tell the name of something that proves who is calling."""
    return bool(_CREDENTIAL.search(name.lower().replace("-", "_")))


def reads_credentials(function: Function) -> bool:
    """Tell a function that reads a credential off the request: a header, a cookie, what its session or state keeps."""
    for node in (*function.nodes(ast.Subscript), *function.nodes(ast.Call), *function.nodes(ast.Attribute)):
        if _reads(node) or (isinstance(node, ast.Call) and _hands_on(node)):
            return True
    return False


def _hands_on(node: ast.Call) -> bool:
    """Tell `is_signed(body, request.headers)`."""
    given = arguments(node)
    return any(
        isinstance(one, ast.Attribute) and one.attr in ("headers", "cookies") and _is_request(one.value)
        for one in given
    )


def _reads(node: ast.expr) -> bool:
    of: ast.expr | None = None
    key: ast.expr | None = None
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        inner = node.value
        is_state = isinstance(inner, ast.Attribute) and inner.attr in ("state", "user") and _is_request(inner.value)
        return is_state or (node.attr == "user" and _is_request(inner))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "getlist"):
        of, key = node.func.value, next(iter(node.args), None)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        of, key = node.value, node.slice
    if not isinstance(of, ast.Attribute) or of.attr not in _PARTS or key is None:
        return False
    text = str(key.value) if isinstance(key, ast.Constant) else ast.unparse(key)
    return (of.attr == "session" and _is_request(of.value)) or is_credential(text)


def _is_request(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in _REQUESTS


def answers_refusal(function: Function) -> bool:
    """Tell a middleware that answers 401 or 403 by itself."""
    made = (node for node in function.nodes(ast.Call) if last_name(node.func).endswith("Response"))
    return refuses(function) or any(_REFUSALS.search(ast.unparse(node)) for node in made)


def _is_refusal(function: Function, node: ast.Raise) -> bool:
    return any(_REFUSALS.search(text) for text in _raised(function, node))


def _raised(function: Function, node: ast.Raise) -> Iterator[str]:
    """Yield what is raised as it is written: the expression, what its variable is set to, the class that is its own."""
    if node.exc is None:
        return
    yield ast.unparse(node.exc)
    made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if not isinstance(made, ast.Name):
        return
    for binding in function.facts.bindings.get(made.id, ()):
        yield ast.unparse(binding.value)
    for value in function.module.values.get(made.id, ()):
        yield ast.unparse(value)
    for one in function.module.defining(made.id):
        yield ast.unparse(one)
