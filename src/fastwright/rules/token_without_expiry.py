"""A token that is valid for ever.

## What it does
Finds a JWT that is made of claims without `exp`.

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
from collections.abc import Iterator

from fastwright.rules._rule import Found, Rule, Scope, View, at

RULE = Rule("access", "medium", ("ASVS 5.0.0 9.2.1", "API2:2023", "CWE-613"))
_LIBRARIES = frozenset({"jwt", "jose", "python_jose", "authlib", "joserfc"})


def find(view: View) -> Iterator[Found]:
    for site, scope in view.sites(view.naming("jwt", "jose"), lambda name: name == "encode"):
        path = view.library(site.node.func, scope)
        if path.partition(".")[0] not in _LIBRARIES:
            continue
        position = 1 if "authlib" in path or "joserfc" in path else 0
        claims = _argument(site.node, position)
        if claims is None:
            continue
        if not _has_expiry(view, claims, scope):
            yield at(site.function or site.module, site.node, "this token has no `exp`, and is valid for ever")
            continue
        for call, where in view.keys.callers_without("exp", claims, scope):
            yield at(where.function or where.module, call, "this token has no `exp`, and is valid for ever")


def _argument(node: ast.Call, position: int) -> ast.expr | None:
    named = next((one.value for one in node.keywords if one.arg in ("payload", "claims")), None)
    return named or (node.args[position] if len(node.args) > position else None)


def _has_expiry(view: View, claims: ast.expr, scope: Scope) -> bool:
    """Tell whether `exp` is among the claims, or some of them are not known."""
    return view.keys.may_have("exp", claims, scope)
