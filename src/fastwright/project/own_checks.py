"""Endpoints that look at credentials by their own code: `user = verify(token)`, and 401 if that is nobody.

No dependency says so. What is told is what the source says: an endpoint asks for something that is a credential by its
name, or reads one off the request, and it or a function that is handed it refuses with 401 or 403.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from fastwright.project.names import Names
from fastwright.project.source import Function, called, last_name

_DEPTH = 3
_CREDENTIAL = re.compile(
    r"token|authori[sz]ation|api_?key|jwt|bearer|credential|access_?key|session_?(?:id|key|token)|^sid$|^auth$"
)
_REQUEST = frozenset({"request", "req", "websocket"})
_PARTS = frozenset({"headers", "cookies", "session", "query_params"})
_REFUSED = re.compile(
    r"\b40[13]\b|/(?:login|sign-?in)\b|HTTP_40[13]|unauthori[sz]ed|forbidden|not_?authenticated|credentials",
    re.IGNORECASE,
)
_REGISTERING = frozenset({"get", "post", "put", "patch", "delete", "api_route", "websocket", "head", "options"})
# What stands in the file of an endpoint that checks credentials by itself: one, the request, or a decorator of its own.
_MENTIONED = re.compile(
    rb"token|authori[sz]ation|api_?key|jwt|bearer|credential|access_?key|session_?(?:id|key)|\bsid\b|\bauth\b|\breq(?:uest)?\b|websocket"
    rb"|^[ \t]*@(?!\w+(?:\.\w+)*\.(?:get|post|put|patch|delete|api_route|head|options)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_ELSEWHERE = frozenset({"Depends", "Security", "Body", "Form", "File", "Path"})


@lru_cache(maxsize=1000)
def may_check(content: bytes) -> bool:
    """Tell whether an endpoint in a file with this content can check credentials by itself; most need not be parsed."""
    return _MENTIONED.search(content) is not None


def checks_credentials(names: Names, file: str, function: Function, path: str = "") -> bool:
    """Tell whether an endpoint refuses by itself who has no credentials. `file` is where the function is written.

    What stands in the `path` is an address, such as the link of a mail, and no credential of a caller.
    """
    asked = {one.arg for one in _asked(function) if f"{{{one.arg}" not in path}
    given = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
    if bool(asked or given & _REQUEST) and _checks(names, file, function, asked, _DEPTH):
        return True
    below = [one for one in function.decorator_list if last_name(getattr(one, "func", one)) not in _REGISTERING]
    first = function.decorator_list.index(below[0]) if below else 0
    return first > 0 and any(_is_guard(names, file, one) for one in below)


def _is_guard(names: Names, file: str, decorator: ast.expr) -> bool:
    """Tell a decorator that refuses by what it reads off the request: `@login_required`."""
    symbol = names.resolve(file, decorator.func if isinstance(decorator, ast.Call) else decorator)
    function = names.function(symbol) if symbol is not None else None
    inner = list(ast.walk(function)) if function is not None else []
    return any(_refuses(node) for node in inner) and any(_reads_request(node) for node in inner)


def _asked(function: Function) -> Iterator[ast.arg]:
    """Yield the parameters that are filled with a credential from the query, a header or a cookie."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + [*arguments.defaults]
    pairs = [*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    for one, default in pairs:
        written = [node for node in (one.annotation, default) if node is not None]
        markers = {called(node) for part in written for node in ast.walk(part) if isinstance(node, ast.Call)}
        if _CREDENTIAL.search(one.arg.lower()) and not markers & _ELSEWHERE:
            yield one


def _checks(names: Names, file: str, function: Function, asked: set[str], depth: int) -> bool:
    body = [node for statement in function.body for node in ast.walk(statement)]
    if (asked or any(_reads_request(node) for node in body)) and any(_refuses(node) for node in body):
        return True
    asked = asked | set(_derived(body, asked))
    calls = [node for node in body if isinstance(node, ast.Call)] if depth else []
    return any(_checks_below(names, file, node, asked, depth - 1) for node in calls)


def _derived(body: list[ast.AST], asked: set[str]) -> Iterator[str]:
    """Yield the variables that are set to a credential, or to what is made of one."""
    for node in body:
        if isinstance(node, ast.Assign) and _is_credential(node.value, asked):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _is_credential(node: ast.expr, asked: set[str]) -> bool:
    return any((isinstance(one, ast.Name) and one.id in asked) or _reads_request(one) for one in ast.walk(node))


def _checks_below(names: Names, file: str, node: ast.Call, asked: set[str], depth: int) -> bool:
    symbol = names.resolve(file, node.func)
    target = names.function(symbol) if symbol is not None else None
    handed = _handed(node, target, asked) if target is not None else None
    if symbol is None or target is None or handed is None:
        return False
    return _checks(names, symbol[0], target, handed, depth)


def _handed(node: ast.Call, target: Function, asked: set[str]) -> set[str] | None:
    """Return which parameters of a function are given a credential; nothing if it gets neither that nor the request."""
    given = {one.id for part in [*node.args, *node.keywords] for one in ast.walk(part) if isinstance(one, ast.Name)}
    if not given & asked and not given & _REQUEST:
        return None
    parameters = [*target.args.posonlyargs, *target.args.args]
    pairs = zip(parameters, node.args, strict=False)
    found = {parameter.arg for parameter, argument in pairs if _is_credential(argument, asked)}
    return found | {one.arg for one in node.keywords if one.arg is not None and _is_credential(one.value, asked)}


def _reads_request(node: ast.AST) -> bool:
    """Tell `request.headers.get("X-Api-Key")`, `request.cookies["sid"]` and what is kept in `request.session`."""
    of: ast.AST | None = None
    key: ast.AST | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        of, key = node.func.value, node.args[0]
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        of, key = node.value, node.slice
    if not isinstance(of, ast.Attribute) or of.attr not in _PARTS:
        return False
    text = key.value if isinstance(key, ast.Constant) else last_name(key) if isinstance(key, ast.expr) else ""
    is_session = of.attr == "session" and last_name(of.value) in _REQUEST
    return is_session or bool(_CREDENTIAL.search(str(text).lower().replace("-", "_")))


def _refuses(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and node.exc is not None and bool(_REFUSED.search(ast.unparse(node.exc)))
