"""A token that is valid for ever.

## What it does
Finds a JWT that is made of claims without `exp`, also where a parameter decides over it and somebody leaves it out; and
a token of `itsdangerous` that is read without `max_age`, or made by what knows no time.

## Why it hurts
A token that leaks, from a log, a backup or a stolen laptop, opens the account for good: there is no day on which it
stops to work.

## Bad
```python
import jwt

from shop.settings import settings


def create_access_token(user_id: int) -> str:
    return jwt.encode({"sub": str(user_id)}, settings.secret_key, algorithm="HS256")  # <- found
```

## Good
```python
from datetime import UTC, datetime, timedelta

import jwt

from shop.settings import settings


def create_access_token(user_id: int) -> str:
    expires = datetime.now(UTC) + timedelta(minutes=15)
    return jwt.encode({"sub": str(user_id), "exp": expires}, settings.secret_key, algorithm="HS256")
```

## Known limits
Claims that come from somewhere that cannot be followed are taken to have an expiry.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.rules._accounts import names_in
from fastwright.rules._rule import Bound, Found, Function, Rule, Scope, View, at
from fastwright.rules._words import words

RULE = Rule("access", "medium", ("ASVS 5.0.0 9.2.1", "API2:2023", "CWE-613"))
_LIBRARIES = frozenset({"jwt", "jose", "python_jose", "authlib", "joserfc"})
# What `itsdangerous` makes may be for good, such as a link to unsubscribe; what these words name may not.
_FOR_ACCESS = re.compile(r"token|session|sign_?in|login|auth|reset|verif|invit|magic", re.IGNORECASE)
# What a token may call its end, if the app compares that by itself.
_TIMES = ("expires", "expires_at", "expiry", "expiration", "expire")
_LASTING = frozenset(
    {"csrf", "xsrf", "unsubscribe", "verify", "read", "check", "parse", "hash", "digest", "hashed", "decode"}
)
_TIMED = re.compile(r"time|now|exp|until|ttl|date|age|minutes|hours|days|stamp|nonce", re.IGNORECASE)
_MESSAGE = "this token has no `exp`, and is valid for ever"


def find(view: View) -> Iterator[Found]:
    for site, scope in view.sites(view.naming("jwt", "jose"), lambda name: name == "encode"):
        path = view.library(site.node.func, scope)
        if path.partition(".")[0] not in _LIBRARIES:
            continue
        position = 1 if "authlib" in path or "joserfc" in path else 0
        claims = _argument(site.node, position)
        if claims is None:
            continue
        if _ends_otherwise(view, claims, scope):
            continue
        if not view.keys.may_have("exp", claims, scope) or (site.function and _is_left_out(view, site.function)):
            yield at(site.function or site.module, site.node, _MESSAGE)
            continue
        for call, where in view.keys.callers_without("exp", claims, scope):
            yield at(where.function or where.module, call, _MESSAGE)
        if site.function is not None:
            yield from _made_without(view, site.function)
    yield from _signed(view)
    yield from _by_hand(view)


def _ends_otherwise(view: View, claims: ast.expr, scope: Scope) -> bool:
    """Tell a token with a time of another name, such as `expires`, that the app compares by itself."""
    if view.keys.may_have("exp", claims, scope):
        return False
    named = {name for name in _TIMES if view.keys.may_have(name, claims, scope)}
    functions = (one for module in view.naming(*named) for one in module.functions) if named else ()
    return any(named & set(names_in(node)) for one in functions for node in one.nodes(ast.Compare))


def _made_without(view: View, function: Function) -> Iterator[Found]:
    """Yield where an object is made that sets `exp` only `if self.lifetime:`, and is given none."""
    owner = function.owner
    init = owner.methods.get("__init__") if owner is not None else None
    if owner is None or init is None:
        return
    made = [pair for name in _deciding(function) for pair in owner.set_in_methods.get(name, ())]
    set_to = [one for method, one in made if method is init]
    named = [one.id for one in set_to if isinstance(one, ast.Name) and one.id in init.parameters]
    for site, _scope in view.sites(view.naming(owner.name), lambda name: name == owner.name) if named else ():
        for name in named:
            given = _given(site.node, name, list(init.parameters).index(name)) or init.defaults.get(name)
            if isinstance(given, ast.Constant) and not given.value:
                yield at(site.function or site.module, site.node, _MESSAGE)


def _deciding(function: Function) -> set[str]:
    """Return the attributes on which it depends whether there is an `exp`."""
    total = _mentions(function.node.body)
    tests = [one.test for one in function.nodes(ast.If) if total and not one.orelse and _mentions(one.body) == total]
    return {one.attr for test in tests for one in ast.walk(test) if isinstance(one, ast.Attribute)}


def _given(node: ast.Call, name: str, position: int) -> ast.expr | None:
    named = next((one.value for one in node.keywords if one.arg == name), None)
    return named or (node.args[position] if len(node.args) > position else None)


def _by_hand(view: View) -> Iterator[Found]:
    """Yield a function that makes a token with an HMAC and puts no time in it."""
    for function in (one for module in view.naming("hmac") for one in module.functions):
        is_read = any("token" in words(name) for name in function.parameters)
        is_token = "token" in words(function.name) and not is_read and not _LASTING & set(words(function.qualname))
        if is_token and _signs(view, function) and not _TIMED.search(ast.unparse(function.node)):
            yield at(function, function.node, "this token knows no time, and is valid for ever")


def _signs(view: View, function: Function) -> bool:
    """Tell a function that makes an HMAC, by itself or by one that it calls, and compares none."""
    called = [view.value(site.node.func, view.scope(function)) for site in function.calls]
    inner = [function, *(one.function for one in called if isinstance(one, Bound))]
    paths = [view.library(site.node.func, view.scope(one)) for one in inner for site in one.calls]
    return any(path in ("hmac.new", "hmac.digest") for path in paths) and "hmac.compare_digest" not in paths


def _argument(node: ast.Call, position: int) -> ast.expr | None:
    named = next((one.value for one in node.keywords if one.arg in ("payload", "claims")), None)
    return named or (node.args[position] if len(node.args) > position else None)


def _is_left_out(view: View, function: Function) -> bool:
    """Tell whether `exp` is set only `if expires:`, and somebody does not say when that is."""
    total = _mentions(function.node.body)
    for node in function.nodes(ast.If):
        if not node.orelse and total and _mentions(node.body) == total:
            tested = {one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)}
            for name in tested & function.defaults.keys():
                if not getattr(function.defaults[name], "value", True) and _callers_without(view, function, name):
                    return True
    return False


def _mentions(body: list[ast.stmt]) -> int:
    """Return how often a piece of code names `exp`, as a key or an argument."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    return sum(
        (isinstance(node, ast.Constant) and node.value == "exp")
        or (isinstance(node, ast.keyword) and node.arg == "exp")
        for node in nodes
    )


def _callers_without(view: View, function: Function, name: str) -> bool:
    position = list(function.parameters).index(name)
    return any(
        len(site.node.args) <= position and all(one.arg not in (name, None) for one in site.node.keywords)
        for site, _scope in view.sites(view.naming(function.name), lambda called: called == function.name)
    )


def _signed(view: View) -> Iterator[Found]:
    """Yield what `itsdangerous` reads whatever its age, and what it makes without a time."""
    names = ("loads", "unsign", "dumps", "sign")
    for site, scope in view.sites(view.naming("itsdangerous"), lambda name: name in names):
        path = view.library(site.node.func, scope)
        made, _, method = path.removeprefix("itsdangerous.").rpartition(".")
        if not path.startswith("itsdangerous."):
            continue
        is_timed = "Timed" in made or "Timestamp" in made
        has_age = len(site.node.args) > 1 or any(
            one.arg in ("max_age", "return_timestamp") for one in site.node.keywords
        )
        if is_timed and method in ("loads", "unsign") and not has_age:
            yield at(site.function or site.module, site.node, "this token is taken whatever its age")
        is_made = not is_timed and method in ("dumps", "sign") and site.function is not None
        if is_made and site.function is not None and _FOR_ACCESS.search(site.function.qualname):
            yield at(site.function, site.node, "this token knows no time, and is valid for ever")
