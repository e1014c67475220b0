"""A sign-in that can be tried without end.

## What it does
Finds an endpoint that checks a password and is behind no limit: none among its dependencies, decorators and calls, no
count of failed attempts, and no middleware of the app that limits.

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

from fastwright.rules._accounts import is_login, names_in
from fastwright.rules._rule import Bound, Found, Function, Route, Rule, View, on
from fastwright.rules._words import words

RULE = Rule("access", "medium", ("ASVS 5.0.0 6.3.1", "API2:2023", "CWE-307"))
_LIMITS = frozenset(
    {"limit", "limits", "limiter", "limited", "throttle", "throttled", "throttler", "ratelimit", "ratelimiter", "rate"}
    | {"lockout", "locked", "lock", "attempts", "attempt", "backoff", "slowapi", "failures", "bruteforce", "captcha"}
)


def find(view: View) -> Iterator[Found]:
    if _limits_all(view):
        return
    for route in view.routes:
        if is_login(view, route) and not _is_limited(view, route):
            yield on(route, "passwords can be tried here as often as one likes")


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
        named += [reached.function.name]
        named += [node.attr for node in reached.function.nodes(ast.Attribute) if node.attr != "limit"]  # of a query
        named += [node.id for node in reached.function.nodes(ast.Name) if node.id != "limit"]
    return any(_speaks_of_limits(name) for name in named) or any(_refuses_too_many(one) for one in _around(view, route))


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
