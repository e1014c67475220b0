"""A sign-in that can be tried without end.

## What it does
Finds an endpoint that checks a password and is behind no limit: none among its dependencies, decorators and calls, no
count of failed attempts, and no middleware of the app that limits. The sign-ins of admin panels and of fastapi-users
are among them, and endpoints that check a one-time code, which has few digits.

## Why it hurts
Lists of leaked passwords are tried against every sign-in there is, thousands a minute. A handful of attempts for each
address and account is enough for people.

## Bad
```python
from fastapi import Depends, FastAPI, HTTPException
from pwdlib import PasswordHash
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.auth import make_token, read_token
from shop.database import get_session
from shop.limits import limit_by_address

app = FastAPI()
hasher = PasswordHash.recommended()
DECOY = hasher.hash("decoy")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    reset_token: Mapped[str | None]


class Token(BaseModel):
    access_token: str


class SignIn(BaseModel):
    email: str
    password: str


@app.post("/login")
def login(body: SignIn, session: Session = Depends(get_session)) -> Token:  # <- found
    user = session.scalar(select(User).where(User.email == body.email))
    if not hasher.verify(body.password, user.password_hash if user else DECOY) or user is None:
        raise HTTPException(401, "wrong email or password")
    return Token(access_token=make_token(user.id))
```

## Good
```python
from fastapi import Depends, FastAPI, HTTPException
from pwdlib import PasswordHash
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.auth import make_token, read_token
from shop.database import get_session
from shop.limits import limit_by_address

app = FastAPI()
hasher = PasswordHash.recommended()
DECOY = hasher.hash("decoy")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    reset_token: Mapped[str | None]


class Token(BaseModel):
    access_token: str


class SignIn(BaseModel):
    email: str
    password: str


@app.post("/login", dependencies=[Depends(limit_by_address)])
def login(body: SignIn, session: Session = Depends(get_session)) -> Token:
    user = session.scalar(select(User).where(User.email == body.email))
    if not hasher.verify(body.password, user.password_hash if user else DECOY) or user is None:
        raise HTTPException(401, "wrong email or password")
    return Token(access_token=make_token(user.id))
```

## Known limits
A limit in a proxy or a gateway is not seen: allow the finding, and name it there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._accounts import is_known, is_login, names_in, sql_text
from fastwright.rules._codes import taken
from fastwright.rules._panels import sign_ins
from fastwright.rules._rule import Bound, Found, Function, Route, Rule, Scope, Site, View, at, on
from fastwright.rules._sql import statement
from fastwright.rules._words import is_password, words

RULE = Rule("access", "medium", ("ASVS 5.0.0 6.3.1", "API2:2023", "CWE-307"))
_LIMITS = frozenset(
    {"limit", "limits", "limiter", "limited", "throttle", "throttled", "throttler", "ratelimit", "ratelimiter", "rate"}
    | {"lockout", "locked", "lock", "attempts", "attempt", "backoff", "slowapi", "failures", "bruteforce", "captcha"}
)


_MESSAGE = "passwords can be tried here as often as one likes"
_CODES = "codes that are sent to somebody can be tried here as often as one likes"
_SIGN_INS = frozenset({"login", "signin", "token", "session", "sessions"})


def find(view: View) -> Iterator[Found]:
    if _limits_all(view):
        return
    for route in view.routes:
        if (is_login(view, route) or _is_basic(route) or _looks_up(view, route)) and not _is_limited(view, route):
            yield on(route, _MESSAGE)
        elif any(taken(view, route)) and not _is_limited(view, route):
            yield on(route, _CODES)
    for function in sign_ins(view):
        if not any(_speaks_of_limits(name) for one in view.follow(function) for name in _named(one.function)):
            yield at(function, function.node, _MESSAGE)
    for site, scope in view.sites(view.naming("get_auth_router"), lambda name: name == "get_auth_router"):
        of = site.function or site.module
        including = next((one for one in of.facts.calls if site.node in one.node.args), site).node
        if not any(_speaks_of_limits(name) for name in names_in(including)) and _is_fastapi_users(view, site, scope):
            yield at(of, including, _MESSAGE)


def _is_fastapi_users(view: View, site: Site, scope: Scope) -> bool:
    return view.library(site.node.func, scope).startswith("fastapi_users.")


def _is_basic(route: Route) -> bool:
    """Tell a sign-in that is given name and password as HTTP Basic."""
    is_given = any(one.path.endswith(".HTTPBasic") and one.owner is route.function for one in route.dependencies)
    return is_given and route.method == "POST" and bool(_SIGN_INS & set(words(route.path)))


def _looks_up(view: View, route: Route) -> bool:
    """Tell a sign-in that asks the database for who has this password: `WHERE name = $1 AND password = $2`."""
    if route.method != "POST" or is_known(view, route):
        return False
    for call in view.calls(route, "endpoint"):
        text = sql_text(view, call.node, call.scope)
        read = statement(text) if text else None
        if read is not None and read.verb == "select" and any(is_password(one) for one in read.asked):
            return True
    return False


def _limits_all(view: View) -> bool:
    """Tell whether a middleware or a dependency of the app limits everything."""
    for site, _scope in view.sites(view.naming("iddleware"), lambda name: name in ("add_middleware", "Middleware")):
        named = [name for one in site.node.args[:1] for name in names_in(one) if _speaks_of_limits(name)]
        if named and not (all("slowapi" in name.lower() for name in named) and _limits_nothing(view)):
            return True
    return False


def _limits_nothing(view: View) -> bool:
    """Tell a limiter of SlowAPI that has no limits of its own: only what is decorated is limited."""
    made = [site.node for site, _scope in view.sites(view.naming("slowapi"), lambda name: name == "Limiter")]
    given = {one.arg for node in made for one in node.keywords}
    return bool(made) and given.isdisjoint({"default_limits", "application_limits", None})


def _is_limited(view: View, route: Route) -> bool:
    function = route.function
    decorators = function.node.decorator_list if function else []
    named = [name for one in decorators for name in names_in(one.func if isinstance(one, ast.Call) else one)]
    named += [name for one in route.dependencies if one.target is not None for name in names_in(one.target)]
    named += [one.path for one in route.dependencies]
    for reached in view.reached(route):
        named += _named(reached.function)
    return any(_speaks_of_limits(name) for name in named) or any(_refuses_too_many(one) for one in _around(view, route))


def _named(function: Function) -> list[str]:
    """Return all that a function names; `limit` is that of a query."""
    named = [node.attr for node in function.nodes(ast.Attribute)] + [node.id for node in function.nodes(ast.Name)]
    return [function.name, *(one for one in named if one != "limit")]


def _around(view: View, route: Route) -> Iterator[Function]:
    """Yield what runs before an endpoint: its decorators, and what it depends on."""
    function = route.function
    for one in function.node.decorator_list if function is not None else ():
        value = (
            view.value(one.func if isinstance(one, ast.Call) else one, view.scope(function.module))
            if function
            else None
        )
        if isinstance(value, Bound):
            yield value.function
    yield from (one.function for one in view.reached(route))


def _refuses_too_many(function: Function) -> bool:
    """Tell a function, or one that it makes, that answers 429."""
    raised = any("429" in ast.unparse(node) or "TOO_MANY" in ast.unparse(node) for node in function.nodes(ast.Raise))
    return raised or any(_refuses_too_many(inner) for inner in function.inner)


def _speaks_of_limits(name: str) -> bool:
    return bool(set(words(name)) & _LIMITS) or "slowapi" in name.lower() or "ratelimit" in name.lower()
