"""An endpoint that anybody may call, among endpoints that nobody may call without credentials.

## What it does
Finds an endpoint that lets strangers in although those beside it, on the same resource, refuse them: a write where
other endpoints of the resource are guarded, a read where the other reads are, or of what is personal by its name, such
as orders. Changes and deletions are found, too, where nothing of a resource is guarded, and anything of the app is, or
people sign in there and are never asked for it.

The tables say the rest: rows that have to belong to an account and are added by anybody, rows of a catalogue that
everybody is shown and anybody adds to, rows that refer to people and are read by anybody, if their changes are not
guarded either; lists of people with their addresses, and of what is theirs; and a mail to everybody. Where nothing asks
who is calling, nobody signs in, and people are kept, each table is told once for reading and once for changes. An admin
panel is found that is made without authentication, or lets in whoever has an account. Where the app can be run, each
endpoint is called without credentials, and the finding says what it answered.

An endpoint that asks for a token is found as well, if nobody looks at that token, and other endpoints look at theirs:
a scheme such as `OAuth2PasswordBearer` alone only wants that there is one.

## Why it hurts
A guard that was forgotten on one endpoint is invisible in a review of the others, and is found by the first person who
tries all of them.

## Bad
```python
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

from shop.orders import OrderIn, OrderOut, change, load, remove

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="/token")


@app.get("/orders/{order_id}", dependencies=[Depends(scheme)])
def read_order(order_id: int) -> OrderOut:
    return load(order_id)


@app.put("/orders/{order_id}", dependencies=[Depends(scheme)])
def change_order(order_id: int, body: OrderIn) -> OrderOut:
    return change(order_id, body)


@app.delete("/orders/{order_id}", status_code=204)
def delete_order(order_id: int) -> None:  # <- found
    remove(order_id)
```

## Good
```python
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

from shop.orders import OrderOut, ProductOut, load, products, remove

scheme = OAuth2PasswordBearer(tokenUrl="/token")
orders = APIRouter(prefix="/orders", dependencies=[Depends(scheme)])
app = FastAPI()


@orders.get("/{order_id}")
def read_order(order_id: int) -> OrderOut:
    return load(order_id)


@orders.delete("/{order_id}", status_code=204)
def delete_order(order_id: int) -> None:
    remove(order_id)


app.include_router(orders)


@app.get("/products/{product_id}")
def read_product(product_id: int) -> ProductOut:
    if product_id not in products:
        raise HTTPException(404)
    return products[product_id]
```

## Known limits
An app that guards nothing and keeps nothing of people is not reported, nor one of fewer than three endpoints: it may
stand behind a gateway. Sign-in, sign-up, resets, callbacks and webhooks have to be open, and are told by their paths or
by the signature that they check. Sockets are not looked at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from weakref import WeakKeyDictionary

from fastwright.rules._callers import is_closed, refusing_middleware
from fastwright.rules._exposed import open_panels, tells_of_people
from fastwright.rules._owed import PERSONAL, left_open, tables
from fastwright.rules._panels import for_anybody
from fastwright.rules._public_paths import has_to_be_open
from fastwright.rules._routes import CHANGES, WRITES, segments
from fastwright.rules._rule import Found, Route, Rule, View, on
from fastwright.rules._unguarded import unguarded
from fastwright.rules._unread_tokens import unread_tokens
from fastwright.rules._words import words

RULE = Rule("access", "high", ("ASVS 5.0.0 8.2.1", "API5:2023", "CWE-306"))
_APPS: WeakKeyDictionary[View, list[str]] = WeakKeyDictionary()
# A POST that changes nothing.
_ASKING = frozenset(
    {"search", "query", "predict", "prediction", "calculate", "chat", "ask", "analyze", "analyse", "estimate"}
    | {"preview", "lookup", "count", "counts"}
    | {"convert", "validate", "check", "generate", "graphql", "track", "events", "log", "logs", "message", "messages"}
)
# So many endpoints that do the same are no accident.
_HABIT = 5
# So many resources that anybody may add to are no contact form.
_MANY = 3
_VERSION = re.compile(r"^v\d+$|^api$")
_Group = tuple[str, ...]


def find(view: View) -> Iterator[Found]:
    operations = [route for route in view.routes if route.endpoint.kind in ("operation", "plain")]
    if any(is_closed(view, route) for route in operations):
        yield from _open(view, operations)
        yield from open_panels(view)
        yield from for_anybody(view)
    else:
        yield from unguarded(view, operations)
    yield from unread_tokens(view, operations)


def _open(view: View, operations: list[Route]) -> Iterator[Found]:
    """Yield the endpoints that are open among closed ones."""
    sharing = defaultdict[tuple[str, ...], list[Route]](list)
    for route in operations:
        sharing[_group(route)].append(route)
    is_partial = any(one.is_mapped for one in operations)
    asked = [one for one in operations if not _is_rightly_open(view, one)]
    reads = [one for one in asked if one.method == "GET"]
    # Asked for each endpoint in turn, so what does not depend on which one it is, is worked out before.
    writes = [(one, _group(one), is_closed(view, one)) for one in asked if one.method in WRITES and not _is_own(one)]
    shut = [one for one in operations if is_closed(view, one)]
    known = tables(view, shut, [one for one in operations if not is_closed(view, one)])
    is_asked_before = bool(refusing_middleware(view))
    for route in operations:
        if is_closed(view, route) or has_to_be_open(view, route):
            continue
        if is_asked_before and not route.auth.proven:
            continue  # a middleware refuses, and for whom is not known
        alike = [one for one in sharing[_group(route)] if one is not route and not _is_own(one)]
        beside = [one for one in alike if one.module is route.module or _is_whole(view, route, one)]
        closed = [one for one in beside if is_closed(view, one)]
        if not closed and (route.is_mapped or not is_partial):
            closed = _elsewhere(view, route, beside, operations, writes)
        elif not _is_odd(view, route, beside, closed, reads):
            closed = []
        closed = closed or _only_open_read(view, route, reads, asked)
        if not closed and (tells_of_people(view, route) or left_open(view, route, known)):
            closed = _guarded(view, route, operations)
        if closed:
            yield _found(route, closed[0])


def _found(route: Route, closed: Route) -> Found:
    auth = route.auth
    answered = f"answered {auth.status} to a caller without credentials" if auth.proven else "asks for no credentials"
    severity = None if route.method in WRITES else "medium"
    return on(route, f"{answered}, while {closed.name} refuses them", shown=auth.proven, severity=severity)


def _is_own(route: Route) -> bool:
    """Tell an endpoint for what is the caller's, which has to know them: `/users/me`."""
    return bool({"me", "mine", "my", "current"} & set(segments(route.path)))


def _is_whole(view: View, one: Route, other: Route) -> bool:
    """Tell whether the paths of two endpoints are known from the app on, and can be compared."""
    return view.project is not None and view.is_mapped(one) and view.is_mapped(other)


def _elsewhere(
    view: View, route: Route, beside: list[Route], operations: list[Route], writes: list[tuple[Route, _Group, bool]]
) -> list[Route]:
    """Return what the app guards elsewhere, if nothing of this resource is guarded, and it is not for everybody."""
    mine = _group(route)
    others = [(one, shut) for one, group, shut in writes if group != mine and one.is_mapped == route.is_mapped]
    if view.project is None:  # there may be several apps in the tree
        others = [(one, shut) for one, shut in others if one.module is route.module]
    closed = [one for one, shut in others if shut]
    is_usual = len(closed) > 1 and 3 * len(closed) >= len(others)
    if not is_usual:
        return _hardly_guarded(view, route, beside, operations)
    if route.method in CHANGES:
        return closed
    is_left = _is_changed_openly(view, beside)
    if len(closed) == len(others) > 2:
        is_left = is_left or any(_is_sending_in(view, one) for one in (route, *beside))
    return closed if is_left and (route.method == "POST" or _is_personal(route)) else []


def _hardly_guarded(view: View, route: Route, beside: list[Route], operations: list[Route]) -> list[Route]:
    """Return what is guarded in an app that has a guard, and leaves it off from nearly all that is written."""
    closed = _guarded(view, route, operations)
    if not closed or route.method in CHANGES:
        return closed
    sending = {_group(one) for one in operations if _is_of_app(view, route, one) and _is_sending_in(view, one)}
    is_left = _is_changed_openly(view, beside) or (len(sending) >= _MANY and _group(route) in sending)
    return closed if is_left and (route.method == "POST" or _is_personal(route)) else []


def _guarded(view: View, route: Route, operations: list[Route]) -> list[Route]:
    """Return what is guarded anywhere in the app of an endpoint; how the app is may be told to operators alone."""
    app = [one for one in operations if one.module is route.module or _is_of_app(view, route, one)]
    return [one for one in app if is_closed(view, one) and "health" not in words(one.path)]


def _is_of_app(view: View, one: Route, other: Route) -> bool:
    """Tell two endpoints of one app; without a map, of the only one in a directory."""
    if view.project is not None and (one.is_mapped or other.is_mapped):
        return one.is_mapped and other.is_mapped
    top = (one.endpoint.file or "").partition("/")[0] + "/"
    return (other.endpoint.file or "").startswith(top) and sum(app.startswith(top) for app in _apps(view)) == 1


def _apps(view: View) -> list[str]:
    """Return the paths of the modules that make an app."""
    known = _APPS.get(view)
    if known is None:
        known = _APPS[view] = [one.path for one in view.naming("FastAPI(")]
    return known


def _is_changed_openly(view: View, beside: list[Route]) -> bool:
    return any(one.method in CHANGES and not _is_rightly_open(view, one) for one in beside)


def _is_sending_in(view: View, one: Route) -> bool:
    """Tell an open POST that makes something."""
    is_asking = bool(_ASKING & set(words(one.path)))
    return one.method == "POST" and not is_asking and not is_closed(view, one) and not has_to_be_open(view, one)


def _only_open_read(view: View, route: Route, *kinds: list[Route]) -> list[Route]:
    """Return all else of a kind, if it is guarded, and enough to be a habit; who tells of people has forgotten it."""
    if route.method != "GET" or "{" not in route.path:
        return []
    for kind in kinds:
        closed = [one for one in kind if is_closed(view, one)]
        left = [one for one in kind if one is not route and not is_closed(view, one)]
        if len(closed) >= _HABIT and len(left) < _MANY and all(tells_of_people(view, one) for one in left):
            return closed
    return []


def _is_personal(route: Route) -> bool:
    return bool(PERSONAL & {word for step in _resource(route.path)[-1:] for word in words(step)})


def _is_rightly_open(view: View, route: Route) -> bool:
    return not is_closed(view, route) and has_to_be_open(view, route)


def _is_odd(view: View, route: Route, beside: list[Route], closed: list[Route], every: list[Route]) -> bool:
    """Tell an endpoint that is open where those like it are not."""
    if route.method in WRITES:
        others = [one for one in beside if one.method in WRITES]
        # Where what is read is guarded, changes are not for strangers; sending in may be.
        is_left = any(one.method in CHANGES for one in (route, *others))
        return not others or is_left or any(is_closed(view, one) for one in others)
    if _is_personal(route):
        return True
    reads = [one for one in beside if one.method not in WRITES]
    open_reads = [one for one in reads if not is_closed(view, one)]
    is_habit = len(every) > _HABIT and sum(is_closed(view, one) for one in every) >= 0.75 * len(every)
    return (len(closed) > 1 or is_habit) and bool(reads) and not open_reads


def _group(route: Route) -> _Group:
    """Return what endpoints of one resource share: the beginning of their paths, or else their file."""
    return _resource(route.path) or (route.endpoint.file or "",)


@lru_cache(4096)
def _resource(path: str) -> tuple[str, ...]:
    """Return the steps of a path down to the first that names a resource."""
    found: list[str] = []
    for step in segments(path.rstrip("/")):
        if step.startswith("{"):
            if found and not _VERSION.match(found[-1]):
                break
            continue
        found.append(step)
        if not _VERSION.match(step) and not step.startswith("<"):
            break
    return tuple(found)
