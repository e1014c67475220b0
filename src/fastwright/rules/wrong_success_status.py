"""A success whose status says something else.

## What it does
Finds a POST that makes rows and answers with 200, a 201 where nothing is made (a change, a sign-in) or something is
also deleted, a 204 that returns a body, a response whose status is not the declared one, and a status, or an
`HTTPException`, that is returned as if that set it.

## Why it hurts
Clients and caches go by the status: 201 says that something is there now that was not before. The body of a 204 is
thrown away on the way, so whoever reads it waits for nothing.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.auth import load_user
from shop.database import get_session

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="/token")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_admin: Mapped[bool] = mapped_column(default=False)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[str]


class OrderOut(BaseModel):
    id: int
    note: str


def current_user(token: Annotated[str, Depends(scheme)]) -> User:
    return load_user(token)


CurrentUser = Annotated[User, Depends(current_user)]
SessionDep = Annotated[Session, Depends(get_session)]


class OrderIn(BaseModel):
    note: str


@app.post("/orders")
def create_order(body: OrderIn, user: CurrentUser, session: SessionDep) -> OrderOut:  # <- found
    order = Order(user_id=user.id, note=body.note)
    session.add(order)
    session.commit()
    return order
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.auth import load_user
from shop.database import get_session

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="/token")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_admin: Mapped[bool] = mapped_column(default=False)


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[str]


class OrderOut(BaseModel):
    id: int
    note: str


def current_user(token: Annotated[str, Depends(scheme)]) -> User:
    return load_user(token)


CurrentUser = Annotated[User, Depends(current_user)]
SessionDep = Annotated[Session, Depends(get_session)]


class OrderIn(BaseModel):
    note: str


@app.post("/orders", status_code=201)
def create_order(body: OrderIn, user: CurrentUser, session: SessionDep) -> OrderOut:
    order = Order(user_id=user.id, note=body.note)
    session.add(order)
    session.commit()
    return order
```

## Known limits
A row counts if it is returned, or if the endpoint is called after it, such as `create_review` or
`POST /reviews`. What makes one only under some condition is taken to do something else, too. A sign-in that keeps a
session makes nothing for the caller.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._accounts import is_login, names_in
from fastwright.rules._making import CREATING, also_deletes, changes, is_named_after, last_step, made, may_make
from fastwright.rules._responses import is_response, success
from fastwright.rules._rule import (
    Bound,
    Class,
    Found,
    Function,
    Instance,
    Reached,
    Route,
    Rule,
    View,
    at,
    on,
    project_class,
)
from fastwright.rules._words import words

RULE = Rule("contract", "low", ("RFC 9110 section 15.3.2",))
_NOTHING_MADE = frozenset({"GET", "DELETE", "HEAD", "OPTIONS"})
_CHANGING = frozenset({"PUT", "PATCH"})
_SIGN_IN = frozenset(
    {"login", "signin", "token", "refresh", "logout", "authenticate", "session", "sessions", "verify", "otp"}
    | {"forgot", "forget", "reset", "recover", "password", "signout"}
)
_FETCHES = frozenset({"fetchone", "fetchall", "fetchmany", "first", "one", "one_or_none"})
# What is done to something that is there, and makes nothing that has an address of its own.
_ACTIONS = frozenset(
    {"accept", "approve", "reject", "decline", "confirm", "cancel", "activate", "deactivate", "join", "leave", "redeem"}
    | {"toggle", "apply", "sync", "check", "validate", "preview", "search", "calculate", "merge", "vote", "like"}
    | {"move", "transfer", "adjust", "assign", "attach", "link", "mark", "set", "update", "follow", "delete"}
    | {"remove", "unlike", "unfollow", "change", "upsert"}
)


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        function = route.function
        if function is None or route.endpoint.kind != "operation":
            continue
        yield from _returned(view, route, function)
        status = success(view, route, function)
        if status == 201 and (message := _not_made(view, route)):
            yield on(route, message)
        elif status == 200 and (declared := view.status(route)) in (201, 204):
            yield on(route, f"{declared} is declared, and the response that is made here answers 200")
        elif status == 204 and _returns_something(view, function):
            yield on(route, "a 204 has no body, so what is returned here is thrown away")
        elif status == 200 and (number := _number(view, function)):
            yield on(route, f"the number {number} is the body, and the status stays 200")
        elif status == 200 and route.method == "POST" and not _is_action(route) and _makes(view, route):
            yield on(route, "something is made and answered with 200 instead of 201", change=201)


def _not_made(view: View, route: Route) -> str:
    """Return what is wrong with a 201, if something is."""
    if route.method in _NOTHING_MADE:
        return f"a {route.method} answers 201, which says that something was made"
    if route.method in _CHANGING and changes(view, route) and not may_make(view, route):
        return f"a {route.method} that changes what is there answers 201, which says that something was made"
    if (is_login(view, route) or "logout" in words(last_step(route))) and not may_make(view, route):
        return "201 says that something was made, and here is only a sign-in or its end"
    if route.method == "POST" and also_deletes(view, route):
        return "201 is answered also where something is deleted"
    return ""


def _returned(view: View, route: Route, function: Function) -> Iterator[Found]:
    """Yield `return HTTPException(404)`: an error is only one when it is raised."""
    for node in function.nodes(ast.Return):
        if view.library(getattr(node.value, "func", None), view.scope(function)).endswith(".HTTPException"):
            yield at(function, node, "an error that is returned and not raised answers 200", route=route)


def _number(view: View, function: Function) -> int | None:
    """Return the status that is returned as if that set it: `return status.HTTP_201_CREATED`."""
    named = (one for one in function.returned if isinstance(one, ast.Attribute))
    return next((found for one in named if (found := view.constants.status(one, view.scope(function)))), None)


def _is_action(route: Route) -> bool:
    """Tell what is done to something that is there: `POST /invites/accept`; below a row, where 200 is written down."""
    is_chosen = route.option("status_code") is not None and "}/" in route.path
    return bool(_ACTIONS & set(words(last_step(route))[:1])) or is_chosen


def _returns_something(view: View, function: Function) -> bool:
    scope = view.scope(function)
    returned = [node for node in function.returned if not (isinstance(node, ast.Constant) and node.value is None)]
    return any(not is_response(view, node, scope) for node in returned if _is_value(view, node, function))


def _is_value(view: View, node: ast.expr, function: Function) -> bool:
    """Tell something that is written out or known to be an object; what a function gives may be nothing."""
    if isinstance(node, ast.Dict | ast.List | ast.Constant):
        return True
    value = view.value(node, view.scope(function))
    return isinstance(value, Instance) and isinstance(value.of, Class)


def _makes(view: View, route: Route) -> bool:
    """Tell whether a new row is added, in any case, and it is what is returned or what the endpoint is called after."""
    steps = set(words(route.path))
    if steps & _SIGN_IN or route.function is None or is_login(view, route):
        return False
    own = view.reached(route, "endpoint")[0]
    is_called_so = bool(CREATING & {*words(route.function.name), *words(last_step(route))})
    given: set[int] | None = None
    for call, model, row in made(view, route):
        if model is not None and _returns(view, own, model):
            return True
        given = _given(view, own) if given is None else given
        if id(call.node) in given or is_named_after(route, row):
            return True
        if is_called_so and id(call.sites[0].node) in given and _tells(view, own, call.sites[0].node, model):
            return True
    return False


def _tells(view: View, own: Reached, node: ast.Call, model: Class | None) -> bool:
    """Tell what gives back more than a text of its own, and no row of another table."""
    called = view.value(node.func, own.scope)
    if isinstance(called, Bound) and all(_is_text(one) for one in called.function.returned):
        return False
    given = project_class(view.value(node, own.scope))
    return model is None or given is None or given is model or not view.fields.is_model(given)


def _is_text(node: ast.expr) -> bool:
    parts = node.values if isinstance(node, ast.Dict) else [node]
    return all(isinstance(one, ast.Constant | ast.JoinedStr) for one in parts)


def _given(view: View, own: Reached) -> set[int]:
    """Return the ids of the calls that what is returned went through, with those whose rows a cursor gives."""
    steps = [step for node in own.function.returned for step in view.statements.steps(node, own.scope)]
    sent = [one.node for step in steps if step.name in _FETCHES for one in view.statements.sent(step)]
    return {id(node) for node in (*(step.node for step in steps), *sent)}


def _returns(view: View, own: Reached, model: Class) -> bool:
    for node in own.function.returned:
        mentioned = [one for one in ast.walk(node) if isinstance(one, ast.Name | ast.Call)]
        for one in mentioned:
            value = view.value(one, own.scope)
            if isinstance(value, Instance) and value.of is model:
                return not any("token" in name for name in names_in(node))
    return False
