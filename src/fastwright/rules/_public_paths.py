"""Endpoints that strangers have to reach: sign-in and sign-up, callbacks, and what says that it is for everybody."""

from __future__ import annotations

import ast
import re
from weakref import WeakKeyDictionary

from fastwright.rules import _touched
from fastwright.rules._accounts import is_login, names_in
from fastwright.rules._chosen import accounts
from fastwright.rules._engine.guards import lets_nobody_in
from fastwright.rules._engine.statements import SENDING
from fastwright.rules._exposed import lists_people, names_people
from fastwright.rules._routes import segments
from fastwright.rules._rule import Parameter, Route, View, project_class
from fastwright.rules._words import is_password, words

_OPEN = re.compile(
    r"^auth$|log-?_?in|log-?_?out|sign-?_?in|sign-?_?up|sign-?_?out|register|registration|token|refresh|reset|forgot"
    r"|recover|verify|verification|confirm|activate|callback|oauth|webhook|openapi|subscribe|feedback|csrf|well-known"
    r"|sessions?$|authenticate|public|magic|2fa|mfa|oidc|openid|saml|^sso|^authorize$|anonymous|^invite"
    r"|(?<![a-z])(?:health[a-z]*|ping|ready|live|metrics|docs|contact|shared?|hooks?|otp|guest)(?![a-z])"
)
_REFUSED = re.compile(r"401|403|unauthori[sz]ed|forbidden|permission|unauthenticated", re.IGNORECASE)
# What a caller is called who may be nobody: `OptionalUser`, `get_current_user_optional`, `maybe_user`.
_OPTIONAL = re.compile(
    r"(?:optional|maybe)_?(?:current|user|auth|account|caller|member|principal|identity)|(?:user|caller)_?(?:optional|or_none)"
    r"|no_auth|without_auth|anonymous|public",
    re.IGNORECASE,
)
# What an endpoint holds its caller against by itself; one that gives out a token signs somebody in.
_PROVEN = frozenset({"token", "code", "state", "key", "signature"})
_PROOFS = frozenset({"compare_digest", "construct_event"})
# What asks a database that the endpoint gets by itself.
_ASKING = SENDING | {"Session", "AsyncSession", "SessionLocal", "sessionmaker", "select", "query", "find"}
_OPENED: WeakKeyDictionary[Route, bool] = WeakKeyDictionary()
_OF_REQUEST = frozenset({"request", "self.request", "self._request"})
_TOKENS = ("jwt.encode", "jwt.decode")


def has_to_be_open(view: View, route: Route) -> bool:
    """Tell an endpoint that strangers have to reach: by its path, or by what it does."""
    known = _OPENED.get(route)
    if known is None:
        known = _OPENED[route] = _has_to_be_open(view, route)
    return known


def _has_to_be_open(view: View, route: Route) -> bool:
    if lists_people(view, route) and not _takes_proof(route):
        return False
    last = [step for step in segments(route.path) if step and not step.startswith("{")][-2:]
    if any(_OPEN.search(step.lower()) for step in last) or is_login(view, route):
        return True
    if _asks_for_nobody(view, route):
        return True
    if (
        _is_user_creation(view, route)
        or _says_public(route)
        or {"webhook", "callback"} & set(words(route.endpoint.name))
    ):
        return True
    if _refuses_strangers(route) or _is_a_page(route) or _keeps_of_visitor(view, route):
        return True
    is_optional = any(one.function is not None and lets_nobody_in(one.function) for one in route.dependencies)
    calls = list(view.calls(route, "endpoint" if is_optional else None))
    return any(call.name in _PROOFS or call.path.endswith(_TOKENS) for call in calls) or _signs_up(view, route)


def _takes_proof(route: Route) -> bool:
    """Tell an endpoint that is given what a mail or another service hands out: a token, or a code."""
    return route.function is not None and bool(
        _PROVEN & {word for name in route.function.parameters for word in words(name)}
    )


def _signs_up(view: View, route: Route) -> bool:
    """Tell what takes a password from somebody whom nobody knows yet."""
    return route.method == "POST" and any(_takes_password(view, one) for one in view.parameters.of(route))


def _takes_password(view: View, one: Parameter) -> bool:
    schema = project_class(view.evaluator.types.annotated(one.type, one.scope))
    if schema is not None and not view.fields.is_schema(schema):
        return False
    names = view.fields.of(schema) if schema is not None else (one.name,)
    return any(is_password(name) for name in names)


def _refuses_strangers(route: Route) -> bool:
    """Tell an endpoint that looks by itself whether its caller is known: `if user is None: raise Unauthorized`."""
    given = {one.parameter for one in route.dependencies if one.parameter}
    for node, around in route.function.facts.raises if route.function else ():
        asked = {name for test, _holds in around.branches[-1:] for name in names_in(test)}
        if asked & given and _REFUSED.search(ast.unparse(node)):
            return True
    return False


def _asks_for_nobody(view: View, route: Route) -> bool:
    """Tell an endpoint to which a token in the path is the key, whose caller is optional, or that is given nothing."""
    if any("token" in step for step in segments(route.path) if step.startswith("{")):
        return True
    function = route.function
    if function is None:
        return False
    if route.method == "GET" and not function.parameters and not route.dependencies and not _is_of_people(route):
        return not any(call.name in _ASKING for call in view.calls(route, "endpoint"))
    return bool(_OPTIONAL.search(ast.unparse(function.node.args)))


def _is_a_page(route: Route) -> bool:
    """Tell an endpoint that only shows a template, which is the same for everybody."""
    function = route.function
    if function is None or route.dependencies or set(function.parameters) - {"request"}:
        return False
    return bool(function.calls) and {site.name for site in function.calls} <= {"TemplateResponse"}


def _keeps_of_visitor(view: View, route: Route) -> bool:
    """Tell an endpoint that works on what the session of its visitor keeps, such as a basket."""
    if route.function is None or "request" not in route.function.parameters:
        return False
    nodes = (node for one in view.reached(route, "endpoint") for node in one.function.nodes(ast.Attribute))
    return any(node.attr == "session" and ast.unparse(node.value) in _OF_REQUEST for node in nodes)


def _is_of_people(route: Route) -> bool:
    return names_people(segments(route.path.rstrip("/"))[-1])


def _says_public(route: Route) -> bool:
    """Tell an endpoint whose docstring says that it is for everybody."""
    text = ast.get_docstring(route.function.node) if route.function else None
    return bool(text and re.search(r"\bpublic(ly)?\b", text, re.IGNORECASE))


def _is_user_creation(view: View, route: Route) -> bool:
    """Tell the sign-up of most apps, `POST /users`; not customers who are no users there."""
    steps = segments(route.path.rstrip("/"))
    if route.method != "POST" or steps[-1] not in ("users", "user", "accounts", "customers", "members"):
        return False
    new = {one.name for one in _touched.made(view, route)}
    known = {one.name for one in accounts(view)}
    return not new or not known or bool(new & known)
