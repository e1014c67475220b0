"""CORS that lets every website act with the credentials of its visitors.

## What it does
Finds a CORS middleware with `allow_credentials=True` whose origins are `*`, or a pattern that matches everything.

## Why it hurts
Starlette answers such a request with the caller's own origin, so any website that a signed-in user visits can read and
change their data through your API, with their cookies.

## Bad
```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # <- found
```

## Good
```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)
```

## Known limits
Origins that come from the environment without a default are not known, and not reported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import called, last_name
from fastwright.rules._rule import Found, Rule, Scope, View, at, project_class

RULE = Rule("access", "high", ("ASVS 5.0.0 3.4.2", "API8:2023", "CWE-942"))
_ANYTHING = frozenset({".*", "^.*$", ".+", "^.+$", "https?://.*", "^https?://.*$", "^https?://.*", "https?://.+"})


def find(view: View) -> Iterator[Found]:
    for site, scope in view.sites(view.naming("CORSMiddleware"), _may_add):
        options = {one.arg: one.value for one in site.node.keywords if one.arg}
        options |= _unpacked(view, site.node, scope)
        parts = (site.node.func, *site.node.args[:2])
        named = any(view.library(one, scope).endswith("CORSMiddleware") for one in parts)
        if not named or view.constants.of(options.get("allow_credentials"), scope) is not True:
            continue
        if _is_wildcard(view, options, scope):
            message = "every website may call this with the credentials of its visitors"
            yield at(site.function or site.module, site.node, message)


def _may_add(name: str) -> bool:
    return name in ("add_middleware", "Middleware", "CORSMiddleware")


def _unpacked(view: View, node: ast.Call, scope: Scope) -> dict[str, ast.expr]:
    """Return the options of a dictionary that is unpacked into the call."""
    found: dict[str, ast.expr] = {}
    for one in node.keywords:
        written = view.constants.written(one.value, scope) if one.arg is None else None
        if written and isinstance(written[0], ast.Dict):
            pairs = zip(written[0].keys, written[0].values, strict=True)
            found |= {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}
        elif written and called(written[0]) == "dict" and isinstance(written[0], ast.Call):
            found |= {str(option.arg): option.value for option in written[0].keywords if option.arg}
    return found


def _is_wildcard(view: View, options: dict[str, ast.expr], scope: Scope) -> bool:
    written = view.constants.written(options.get("allow_origin_regex"), scope)
    pattern = view.constants.of(*_by_default(*written)) if written is not None else ""
    return pattern in _ANYTHING or _is_any(view, options.get("allow_origins"), scope)


def _by_default(node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
    """Return what holds if the environment says nothing: the second argument of `os.getenv`."""
    is_read = isinstance(node, ast.Call) and last_name(node.func) in ("getenv", "get") and len(node.args) > 1
    return (node.args[1], scope) if isinstance(node, ast.Call) and is_read else (node, scope)


def _is_any(view: View, node: ast.expr | None, scope: Scope) -> bool:
    """Tell origins among which is `*`: also of a property of settings where that is what holds by default."""
    origins = view.constants.of(node, scope)
    if origins == "*" or (isinstance(origins, list) and "*" in origins):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
        return _is_any(view, node.func.value, scope)
    if isinstance(node, ast.Call) and last_name(node.func) in ("getenv", "get") and len(node.args) > 1:
        return _is_any(view, node.args[1], scope)
    owner = project_class(view.value(node.value, scope)) if isinstance(node, ast.Attribute) else None
    made = owner.methods.get(node.attr) if owner is not None and isinstance(node, ast.Attribute) else None
    if owner is None or made is None or not made.decorators & {"property", "cached_property", "computed_field"}:
        return False
    is_default = any(_is_any(view, value, view.scope(owner.module)) for _annotation, value in owner.attributes.values())
    return is_default and any(_is_any(view, one, view.scope(made)) for one in made.returned)
