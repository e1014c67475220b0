"""Codes that prove an address or give a new password, and go out to whoever asks for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._accounts import is_known
from fastwright.rules._rule import Class, Route, Scope, View
from fastwright.rules._words import words

# Steps that send somebody a code, and those in which one comes back.
_SENDING = frozenset({"forgot", "forget", "forgotten", "recover", "recovery", "otp", "reset", "resend"})
_TAKING = frozenset({"verify", "validate", "confirm", "check", "login", "signin", "complete", "change", "set", "new"})
_CODES = frozenset({"otp", "code", "token", "pin", "link"})
_OTHER = frozenset({"access", "refresh", "type", "status", "message", "error", "country", "csrf", "id", "expires"})
_MADE_BY = ("random.", "secrets.", "uuid.", "jwt.", "jose.", "itsdangerous.", "os.urandom", "pyotp.")


def given_away(view: View, route: Route) -> Iterator[str]:
    """Yield the codes that an endpoint for those who cannot sign in makes, and answers with."""
    function = route.function
    steps = {word for text in (route.path, function.name if function else "") for word in words(text)}
    if function is None or route.method == "GET" or not steps & _SENDING or steps & _TAKING or is_known(view, route):
        return
    scope = view.scope(function)
    for node in function.returned:
        for name, value in _named(view, node, scope):
            parts = set(words(name))
            if parts & _CODES and not parts & _OTHER and _is_made(view, value, scope):
                yield name


def _named(view: View, node: ast.expr, scope: Scope) -> Iterator[tuple[str, ast.expr]]:
    """Yield what an answer holds: a dictionary, or an object of a schema, also where it is in another one."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from [(str(key.value), value)] if isinstance(key, ast.Constant) else []
            yield from _named(view, value, scope)
    elif isinstance(node, ast.Call):
        is_schema = isinstance(view.value(node.func, scope), Class)
        yield from ((one.arg, one.value) for one in node.keywords if one.arg and is_schema)
        for one in (*node.args[:1], *(option.value for option in node.keywords if option.arg == "content")):
            yield from _named(view, one, scope)


def _is_made(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell what was made by chance, or signed, in this request."""
    paths = (view.library(one.node.func, one.scope) for one in view.statements.steps(node, scope))
    return any(path.startswith(_MADE_BY) and not path.endswith((".decode", ".loads", ".verify")) for path in paths)
