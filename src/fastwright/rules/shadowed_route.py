"""An endpoint that is never reached, because one before it takes its path.

## What it does
Finds a path that matches a path with a parameter that was registered before it, for the same method: `/users/me` below
`/users/{user_id}`.

## Why it hurts
The first one that matches answers: `/users/me` becomes a user whose id is `me`, which is a 422 or a 404, and the code
of the second endpoint never runs.

## Bad
```python
from fastapi import FastAPI

from shop.users import UserOut, load_user

app = FastAPI()


@app.get("/users/{user_id}")
def read_user(user_id: str) -> UserOut:
    return load_user(user_id)


@app.get("/users/me")
def read_me() -> UserOut:  # <- found
    return load_user("me")
```

## Good
```python
from fastapi import FastAPI

from shop.users import UserOut, load_user

app = FastAPI()


@app.get("/users/me")
def read_me() -> UserOut:
    return load_user("me")


@app.get("/users/{user_id}")
def read_user(user_id: str) -> UserOut:
    return load_user(user_id)
```

## Known limits
Without the running app, the order of routers is known where they are included by name, or in a loop over a list that is
written in the code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from fastwright.changes import Change
from fastwright.rules._routes import is_first, registered_at, segments
from fastwright.rules._rule import Found, Route, Rule, View, on

RULE = Rule("contract", "high", ("CWE-561",))
_CONVERTERS = {"int": r"\d+", "float": r"\d+(\.\d+)?", "uuid": r"[0-9a-fA-F-]{36}", "path": r".*"}
_PARAMETER = re.compile(r"^\{\w+(?::(\w+))?\}$")


def find(view: View) -> Iterator[Found]:
    routes = [(route, segments(route.path)) for route in view.routes if route.endpoint.kind == "operation"]
    wide = defaultdict[str, list[tuple[Route, list[str]]]](list)
    for route, mine in routes:
        if any("{" in step for step in mine):
            wide[route.method].append((route, mine))
    for route, theirs in routes:
        before = next((one for one, mine in wide[route.method] if _shadows(view, one, mine, route, theirs)), None)
        if before is not None:
            yield on(route, f"`{before.path}` is registered before it and answers instead", before=before)


def fix(view: View, found: Found) -> Change | None:
    """Return the change that moves the function before the one that answers instead, if both are of one router."""
    del view
    mine, other = found.route, found.facts["before"]
    if mine is None or mine.function is None or other.function is None or registered_at(mine) != registered_at(other):
        return None
    from fastwright.changes.move_function import MoveFunction  # noqa: PLC0415 - what edits Python is slow to import

    move = MoveFunction(
        file=found.file,
        line=mine.function.node.lineno,
        function=mine.function.name,
        before=other.function.name,
        before_line=other.function.node.lineno,
    )
    return Change(summary=f"let {mine.name} answer before {other.name}", operations=(move,))


def _shadows(view: View, one: Route, mine: list[str], other: Route, theirs: list[str]) -> bool:
    if one is other or one.path == other.path:
        return False
    if "path" in (_kind(mine[-1]) or ""):
        covers = len(theirs) >= len(mine) and _covers(mine[:-1], theirs)
    else:
        # Two paths of one app that differ in the names of parameters only are what `duplicate-route` tells.
        is_told = view.is_mapped(one) and view.is_mapped(other)
        covers = len(mine) == len(theirs) and _covers(mine, theirs) and (not is_told or _wider(mine, theirs))
    if not covers:
        return False
    is_whole = view.project is not None and view.is_mapped(one) and view.is_mapped(other)
    # Else the prefixes of their routers are not known.
    return (is_whole or registered_at(one) == registered_at(other)) and is_first(view, one, other)


def _covers(mine: list[str], theirs: list[str]) -> bool:
    return all(_matches(step, given) for step, given in zip(mine, theirs, strict=False))


def _wider(mine: list[str], theirs: list[str]) -> bool:
    """Tell whether a parameter stands where the other has a text, or one that takes less."""
    return any(
        _kind(step) is not None and _kind(step) != _kind(given) for step, given in zip(mine, theirs, strict=True)
    )


def _matches(step: str, given: str) -> bool:
    """Tell whether everything that the other's step matches is matched by this one."""
    kind = _kind(step)
    if kind is None:
        return "{" not in step and step == given
    if not given and kind != "path":
        return False
    if _PARAMETER.match(given):
        return kind == "" or kind == _kind(given)
    return "{" not in given and (kind == "" or bool(re.fullmatch(_CONVERTERS.get(kind, r"[^/]+"), given)))


@lru_cache(4096)
def _kind(step: str) -> str | None:
    """Return the converter of a parameter, an empty one if it has none, and nothing for a text."""
    match = _PARAMETER.match(step)
    return (match[1] or "") if match else None
