"""An endpoint that anybody may call, among endpoints that nobody may call without credentials.

## What it does
Finds an endpoint that lets strangers in although those beside it, on the same resource, refuse them: a write where
other endpoints of the resource are guarded, a read where the other reads are. A change or a deletion is found, too,
where the writes of all other resources are guarded. Where the app can be run, each endpoint
is called without credentials, and the finding says what it answered.

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
An app that guards nothing at all is not reported: it may stand behind a gateway. Sign-in, sign-up, resets, callbacks
and webhooks have to be open, and are told by their paths or by the signature that they check.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from fastwright.rules._accounts import is_login, names_in, password_columns
from fastwright.rules._engine.guards import is_guard, refuses, scheme
from fastwright.rules._routes import segments
from fastwright.rules._rule import Called, Class, Dependency, Found, Route, Rule, View, on
from fastwright.rules._words import words

RULE = Rule("access", "high", ("ASVS 5.0.0 8.2.1", "API5:2023", "CWE-306"))
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_OPEN = re.compile(
    r"^auth$|log-?_?in|log-?_?out|sign-?_?in|sign-?_?up|sign-?_?out|register|registration|token|refresh|reset|forgot|recover"
    r"|verify|verification|confirm|activate|callback|oauth|webhook|health|healthz|ping|ready|live|metrics|docs|openapi"
    r"|subscribe|unsubscribe|contact|shared?|feedback|csrf|well-known|hooks?|session|sessions|authenticate|public|magic|2fa|mfa|otp|invite|guest"
    r"|oidc|openid|saml|^sso|^authorize$|anonymous"
)
_REFUSED = re.compile(r"401|403|unauthori[sz]ed|forbidden|permission|unauthenticated", re.IGNORECASE)
# What a caller is called who may be nobody: `OptionalUser`, `get_current_user_optional`, `maybe_user`.
_OPTIONAL = re.compile(
    r"(?:optional|maybe)_?(?:current|user|auth|account|caller|member|principal|identity)|(?:user|caller)_?(?:optional|or_none)"
    r"|no_auth|without_auth|anonymous|public",
    re.IGNORECASE,
)
# What an endpoint holds its caller against by itself; one that gives out a token signs somebody in.
_PROOFS = frozenset({"compare_digest", "construct_event"})
_TOKENS = ("jwt.encode", "jwt.decode")
_VERSION = re.compile(r"^v\d+$|^api$")


def find(view: View) -> Iterator[Found]:
    operations = [route for route in view.routes if route.endpoint.kind in ("operation", "plain")]
    guarded = [route for route in operations if route.endpoint.auth.required]
    sharing = defaultdict[tuple[str, ...], list[Route]](list)
    for route in operations:
        sharing[_resource(route.path)].append(route)
    writes = [one for one in operations if one.method in _WRITES and not _is_rightly_open(view, one)] if guarded else []
    for route in operations if guarded else ():
        if route.endpoint.auth.required or _has_to_be_open(view, route):
            continue
        alike = [one for one in sharing[_resource(route.path)] if one is not route and not _is_own(one)]
        beside = [one for one in alike if one.module is route.module or _is_whole(view, route, one)]
        closed = [one for one in beside if one.endpoint.auth.required]
        if not closed:
            closed = _elsewhere(route, writes)
        elif not _is_odd(route, beside, closed):
            continue
        if closed:
            auth = route.endpoint.auth
            answered = (
                f"answered {auth.status} to a caller without credentials" if auth.proven else "asks for no credentials"
            )
            severity = None if route.method in _WRITES else "medium"
            message = f"{answered}, while {closed[0].name} refuses them"
            yield on(route, message, shown=auth.proven, severity=severity)
    yield from _unread(view, operations)


def _unread(view: View, operations: list[Route]) -> Iterator[Found]:
    """Yield endpoints that ask for a token at which nobody looks, where others of the app look at theirs."""
    schemes = [route for route in operations if any(scheme(one) and is_guard(one) for one in route.dependencies)]
    looking = [route for route in schemes if _looks(route)]
    in_middleware = any(b"iddleware" in module.content for module in view.naming("uthorization"))
    for route in schemes if looking and not in_middleware else ():
        if not _looks(route):
            message = f"any token is accepted here: nobody looks at it, while {looking[0].name} does"
            yield on(route, message, severity=None if route.method in _WRITES else "medium")


def _looks(route: Route) -> bool:
    """Tell an endpoint that does something with the token it asks for, or has a guard beside the scheme."""
    if route.function is None or refuses(route.function):
        return True
    return any(_is_read(route, one) if scheme(one) else is_guard(one) for one in route.dependencies)


def _is_read(route: Route, one: Dependency) -> bool:
    """Tell a token that something else asks for, or that the endpoint uses itself."""
    used = any(node.id == one.parameter for node in one.owner.nodes(ast.Name)) if one.owner is not None else False
    return used or (one.owner is not None and one.owner is not route.function)


def _is_own(route: Route) -> bool:
    """Tell an endpoint for what is the caller's, which has to know them: `/users/me`."""
    return bool({"me", "mine", "my", "current"} & set(segments(route.path)))


def _is_whole(view: View, one: Route, other: Route) -> bool:
    """Tell whether the paths of two endpoints are known from the app on, and can be compared."""
    return view.project is not None and view.is_mapped(one) and view.is_mapped(other)


def _elsewhere(route: Route, writes: list[Route]) -> list[Route]:
    """Return the guarded writes of all other resources, if a change or a deletion is open here and nowhere else."""
    if route.method not in ("PUT", "PATCH", "DELETE"):
        return []
    resource = _resource(route.path)
    others = [one for one in writes if _resource(one.path) != resource]
    return others if len(others) > 1 and all(one.endpoint.auth.required for one in others) else []


def _is_rightly_open(view: View, route: Route) -> bool:
    return not route.endpoint.auth.required and _has_to_be_open(view, route)


def _is_odd(route: Route, beside: list[Route], closed: list[Route]) -> bool:
    """Tell an endpoint that is open where those like it are not."""
    if route.method in _WRITES:
        others = [one for one in beside if one.method in _WRITES]
        return not others or any(one.endpoint.auth.required for one in others)
    reads = [one for one in beside if one.method not in _WRITES]
    open_reads = [one for one in reads if not one.endpoint.auth.required]
    return len(closed) > 1 and bool(reads) and not open_reads


def _has_to_be_open(view: View, route: Route) -> bool:
    last = [step for step in segments(route.path) if step and not step.startswith("{")][-2:]
    if any(_OPEN.search(step.lower()) for step in last) or is_login(view, route):
        return True
    if _asks_for_nobody(route):
        return True
    if _is_user_creation(route) or _says_public(route) or {"webhook", "callback"} & set(words(route.endpoint.name)):
        return True
    if _refuses_strangers(route):
        return True
    calls = list(view.calls(route))
    return any(call.name in _PROOFS or call.path.endswith(_TOKENS) or _makes_user(view, call) for call in calls)


def _makes_user(view: View, call: Called) -> bool:
    """Tell a sign-up: what makes a row with a password in it."""
    made = call.value
    if call.name in ("model_validate", "from_orm") and isinstance(call.node.func, ast.Attribute):
        made = view.value(call.node.func.value, call.scope)
    return isinstance(made, Class) and view.fields.is_model(made) and bool(password_columns(view, made))


def _refuses_strangers(route: Route) -> bool:
    """Tell an endpoint that looks by itself whether its caller is known: `if user is None: raise Unauthorized`."""
    given = {one.parameter for one in route.dependencies if one.parameter}
    for node, around in route.function.facts.raises if route.function else ():
        asked = {name for test, _holds in around.branches[-1:] for name in names_in(test)}
        if asked & given and _REFUSED.search(ast.unparse(node)):
            return True
    return False


def _asks_for_nobody(route: Route) -> bool:
    """Tell an endpoint to which a token in the path is the key, whose caller is optional, or that is given nothing."""
    if any("token" in step for step in segments(route.path) if step.startswith("{")):
        return True
    function = route.function
    if function is None:
        return False
    if route.method == "GET" and not function.parameters and not route.dependencies:
        return not any(site.name in ("SessionLocal", "Session", "AsyncSession") for site in function.calls)
    return bool(_OPTIONAL.search(ast.unparse(function.node.args)))


def _says_public(route: Route) -> bool:
    """Tell an endpoint whose docstring says that it is for everybody."""
    text = ast.get_docstring(route.function.node) if route.function else None
    return bool(text and re.search(r"\bpublic(ly)?\b", text, re.IGNORECASE))


def _is_user_creation(route: Route) -> bool:
    """Tell the sign-up of most apps: `POST /users`."""
    steps = segments(route.path.rstrip("/"))
    return route.method == "POST" and steps[-1] in ("users", "user", "accounts", "customers", "members")


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
        if not _VERSION.match(step):
            break
    return tuple(found)
