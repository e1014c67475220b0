"""A token that is believed without its signature having been checked.

## What it does
Finds a JWT that is decoded with the check of its signature turned off, with `none` among its algorithms, or by a
function that never checks (`get_unverified_claims`), with no checked decoding in the same function.

## Why it hurts
Anybody can write a token that says who they are; without the check, the API believes them.

## Bad
```python
import jwt


def read_user_id(token: str) -> str:
    payload = jwt.decode(token, options={"verify_signature": False})  # <- found
    return payload["sub"]
```

## Good
```python
import jwt

from shop.settings import settings


def read_user_id(token: str) -> str:
    payload = jwt.decode(token, settings.secret_key, algorithms=["HS256"])
    return payload["sub"]
```

## Known limits
A token that was checked elsewhere, in a gateway for instance, is reported, too: allow it there, with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._accounts import names_in
from fastwright.rules._rule import Bound, Found, Function, Rule, Scope, Site, View, at
from fastwright.rules._words import words

RULE = Rule("access", "high", ("ASVS 5.0.0 9.1.1", "API2:2023", "CWE-347"))
_LIBRARIES = frozenset({"jwt", "jose", "python_jose", "authlib", "joserfc", "jwcrypto"})
_UNCHECKED = frozenset({"get_unverified_claims", "get_unverified_claim"})
_TOKENS = frozenset({"token", "jwt", "authorization", "bearer", "credentials"})
_PROVES = frozenset({"verify", "compare_digest", "new", "validate", "get_signing_key_from_jwt"})
_CHECKS = frozenset({"verify_signature", "verify", "require_verification"})


def find(view: View) -> Iterator[Found]:
    for site, scope in view.sites(
        view.naming("jwt", "jose", "jwk"), lambda name: name in ("decode", "partial") or name in _UNCHECKED
    ):
        called = site.node.func
        if _name(site) == "partial":
            called = site.node.args[0] if site.node.args and last_name(site.node.args[0]) == "decode" else called
        path = view.library(called, scope)
        if path.partition(".")[0] not in _LIBRARIES:
            continue
        if _is_unchecked(view, site, scope) and not _is_checked_beside(view, site, scope):
            yield at(site.function or site.module, site.node, "the signature of this token is not checked")
    for function in (one for module in view.naming('split("."', "split('.'") for one in module.functions):
        if _takes_apart(view, function):
            reading = next((site for site in function.calls if _decodes(view, site, function)), None)
            if reading is not None:
                message = "the claims of this token are read, and its signature is not checked"
                yield at(function, reading.node, message)


def _decodes(view: View, site: Site, function: Function) -> bool:
    """Tell a call that decodes base64, by itself or by a function of the project."""
    called = view.value(site.node.func, view.scope(function))
    inner = called.function.calls if isinstance(called, Bound) else [site]
    return any(one.name.endswith("b64decode") for one in inner)


def _takes_apart(view: View, function: Function) -> bool:
    """Tell a function that splits a token at its dots, and checks nothing of it."""
    splits = [
        {word for name in names_in(site.node.func) for word in words(name)}
        for site in function.calls
        if site.name == "split" and [getattr(one, "value", None) for one in site.node.args[:1]] == ["."]
    ]
    splits = [one for one in splits if one & _TOKENS]
    paths = (view.library(site.node.func, view.scope(function)) for site in function.calls if splits)
    is_read = any(path.partition(".")[0] in _LIBRARIES for path in paths)
    return bool(splits) and not is_read and not any(site.name in _PROVES for site in function.calls)


def _is_unchecked(view: View, site: Site, scope: Scope) -> bool:
    if not isinstance(site.node.func, ast.Attribute | ast.Name):
        return False
    if _name(site) in _UNCHECKED:
        return True
    options = {one.arg: one.value for one in site.node.keywords if one.arg}
    listed = view.constants.texts(options.get("algorithms") or _third(site.node), scope)
    if any(_is_of_token(one.value) for one in site.node.keywords if one.arg == "algorithms"):
        return True
    turned_off = view.constants.of(options.get("verify"), scope) is False or _turned_off(
        view, options.get("options"), scope
    )
    return turned_off or "none" in [one.lower() for one in listed]


def _is_of_token(node: ast.expr) -> bool:
    """Tell an algorithm that the token itself names: `algorithms=[header["alg"]]`."""
    return any(isinstance(one, ast.Constant) and one.value == "alg" for one in ast.walk(node))


def _turned_off(view: View, node: ast.expr | None, scope: Scope) -> bool:
    written = view.constants.written(node, scope)
    if written is None:
        return False
    found, where = written
    if isinstance(found, ast.Call):
        pairs = [(one.arg, one.value) for one in found.keywords]
    elif isinstance(found, ast.Dict):
        pairs = [(view.constants.of(key, where), value) for key, value in zip(found.keys, found.values, strict=True)]
    else:
        return False
    return any(key in _CHECKS and view.constants.of(value, where) is False for key, value in pairs)


def _third(node: ast.Call) -> ast.expr | None:
    return node.args[2] if len(node.args) > 2 else None


def _is_checked_beside(view: View, site: Site, scope: Scope) -> bool:
    """Tell whether the same function decodes a token with the check: reading it first finds the key, say."""
    others = site.function.calls if site.function else []
    return any(
        other is not site
        and _name(other) in ("decode", "verify")
        and view.library(other.node.func, scope).partition(".")[0] in _LIBRARIES
        and not _is_unchecked(view, other, scope)
        for other in others
    )


def _name(site: Site) -> str:
    func = site.node.func
    return last_name(func)
