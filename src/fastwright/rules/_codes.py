"""Codes that prove an address or give a new password: where they go out to whoever asks, and where they come back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._accounts import instance_model, is_known
from fastwright.rules._chosen import source
from fastwright.rules._rule import Class, Reached, Route, Scope, View
from fastwright.rules._words import words

# Steps that send somebody a code, and those in which one comes back.
_SENDING = frozenset({"forgot", "forget", "forgotten", "recover", "recovery", "otp", "reset", "resend"})
_TAKING = frozenset({"verify", "validate", "confirm", "check", "login", "signin", "complete", "change", "set", "new"})
_CODES = frozenset({"otp", "code", "token", "pin", "link"})
_OTHER = frozenset({"access", "refresh", "type", "status", "message", "error", "country", "csrf", "id", "expires"})
_MADE_BY = ("random.", "secrets.", "uuid.", "jwt.", "jose.", "itsdangerous.", "os.urandom", "pyotp.")
# Codes of a few digits that are sent to somebody once.
_KINDS = ("otp", "verification", "sms", "login", "reset", "confirmation", "mfa", "auth")
_SHORT = tuple((kind, "code") for kind in _KINDS)


def is_one_time(name: str) -> bool:
    """Tell the name of a code that is sent to somebody once, and proves who they are."""
    parts = words(name)
    return parts[-1:] in (("otp",), ("passcode",)) or parts[-2:] in _SHORT


def taken(view: View, route: Route) -> Iterator[Reached]:
    """Yield where a code that is kept on a row is held against the one that a caller sent, whom nothing else proves."""
    if route.function is None or route.method == "GET" or is_known(view, route):
        return
    for reached in view.reached(route, "endpoint"):
        for node in reached.function.nodes(ast.Compare):
            sides = (node.left, *node.comparators)
            named = [one for one in sides if isinstance(one, ast.Attribute | ast.Name) and is_one_time(last_name(one))]
            is_pair = len(named) == len(sides) == 2 and isinstance(node.ops[0], ast.Eq | ast.NotEq)
            is_kept = is_pair and any(_is_kept(view, one, reached) for one in named)
            if is_kept and any(_is_sent(view, route, one, reached) for one in named):
                yield reached


def _is_kept(view: View, node: ast.expr, reached: Reached) -> bool:
    return isinstance(node, ast.Attribute) and instance_model(view, node.value, reached.function) is not None


def _is_sent(view: View, route: Route, node: ast.expr, reached: Reached) -> bool:
    roots = [root for one in view.origins.of(node, reached.scope) for root in one.roots]
    return any(source(view, route, one) in ("body", "form", "query") for one in roots)


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
