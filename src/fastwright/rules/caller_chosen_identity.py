"""An identity that callers choose themselves.

## What it does
Finds a row whose owner is set from what the caller sent, in an endpoint that knows who is calling, or in one of an app
with passwords that does not ask; and a user who is loaded by an id from a header, a cookie, the query or the body as if
that proved who is calling.

## Why it hurts
Whoever sends the id of somebody else acts as them: orders in their name, reads their data.

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
    user_id: int
    note: str


@app.post("/orders", status_code=201)
def create_order(body: OrderIn, user: CurrentUser, session: SessionDep) -> OrderOut:
    order = Order(user_id=body.user_id, note=body.note)  # <- found
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
Endpoints that ask for a role are not looked at: who may act for others has to name them. Only where the role is what
the owner is called, such as a `client` that sends a `client_id`, they are; who has a permission is read where the code
writes it down. An id that is compared with that of the
caller is fine, and so is naming somebody who gets something, or is added to something.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.rules._accounts import owner_columns
from fastwright.rules._belonging import of_role
from fastwright.rules._callers import callers, checks_itself, is_caller, user_models
from fastwright.rules._chosen import (
    ABOUT,
    Setting,
    accounts,
    equalities,
    is_chosen,
    is_compared,
    is_signed,
    loaded,
    settings,
    source,
    taken_at,
)
from fastwright.rules._holes import holes
from fastwright.rules._rights import is_restricted, ranks
from fastwright.rules._rule import Called, Class, Found, Instance, Route, Rule, View, at
from fastwright.rules._unproven import is_open, unproven
from fastwright.rules._words import is_author, is_owner, words

RULE = Rule("access", "high", ("ASVS 5.0.0 8.2.2", "API1:2023", "CWE-639"))
_FILTERS = frozenset({"where", "filter", "filter_by"})
_KEY = re.compile(r"\bid\s*=\s*$", re.IGNORECASE)
_PEOPLE = frozenset({"user", "account", "customer", "member", "uid", "userid"})
# What a query for somebody's rows is asked with; whose rows a path names is for another rule.
_NAMED = frozenset({"query", "body", "form", "header"})
# Somebody whom the caller may choose: who gets something, or is added to it.
_OTHERS = frozenset(
    {"receiver", "recipient", "to", "target", "friend", "followed", "followee", "following", "blocked", "invitee"}
    | {"invited", "reported", "mentioned", "addressee", "participant", "partner", "payee", "payer", "referred"}
)


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        yield from _claimed(view, route)
        if callers(view, route) or checks_itself(view, route):
            yield from _owned(view, route)
        elif is_open(view, route):
            yield from unproven(view, route)


def _owned(view: View, route: Route) -> Iterator[Found]:
    """Yield where the owner of a row is what the caller says, and it is known who that is."""
    users = _users(view, route)
    roles = ranks(view, route) if is_restricted(view, route) else None
    for call in view.calls(route, "endpoint"):
        for one in settings(view, call):
            if not _is_theirs(view, one, users, roles) or _is_for_others(view, route, one, users):
                continue
            if is_chosen(view, route, one.value, one.scope):
                where, node = taken_at(view, route, one.value, one.scope)
                yield at(where, node, f"the caller chooses `{one.row}.{one.column}`", route=route)
        if roles is not None:
            continue
        for copy in view.copies.of(call):
            owners = owner_columns(view, copy.model, users) if copy.model not in users else set[str]()
            for name in sorted(owners & copy.copied.names) if copy.copied.schema else ():
                if not is_compared(view, route, name) and not is_signed(view, route, copy.model, owners - {name}):
                    yield at(
                        call.within.function, call.node, f"the caller chooses `{copy.model.name}.{name}`", route=route
                    )
        if call.name in _FILTERS:
            yield from _filtered(view, route, call, users)


def _is_theirs(view: View, one: Setting, users: list[Class], roles: set[str] | None) -> bool:
    """Tell a column that says whose a row is; where a role is asked for, one that is called after it."""
    if one.column in _owners(view, one, users):
        return roles is None or bool(roles & set(words(one.column)))
    return bool(roles) and one.model is not None and one.column in of_role(view, one.model, roles or set(), users)


def _users(view: View, route: Route) -> list[Class]:
    """Return the models of those who call; where a guard gives a schema, those that have passwords."""
    return [one for one in user_models(view, route) if view.fields.is_model(one)] or accounts(view)


def _owners(view: View, one: Setting, users: list[Class]) -> set[str]:
    if one.model is not None:
        return owner_columns(view, one.model, users) if one.model not in users else set()
    return {one.column} if is_owner(one.column) or is_author(one.column) else set()


def _is_for_others(view: View, route: Route, one: Setting, users: list[Class]) -> bool:
    """Tell a row that names somebody else beside who made it, or that is about somebody."""
    named = set(words(one.column))
    if named & _OTHERS or ("requested" in named and "by" not in named) or set(words(one.row)) & ABOUT:
        return True
    return one.model is not None and is_signed(view, route, one.model, _owners(view, one, users) - {one.column})


def _filtered(view: View, route: Route, call: Called, users: list[Class]) -> Iterator[Found]:
    """Yield a query for what is somebody's, by an owner from the query or the body."""
    if not isinstance(call.node.func, ast.Attribute) or call.site.around.branches:
        return  # what only some requests ask for leaves out what all may see
    pairs = list(equalities(call))
    if any(is_caller(view, route, one) for _name, value in pairs for one in view.origins.of(value, call.scope)):
        return
    for model in view.statements.models(call.node.func.value, call.scope):
        owners = {name for name in owner_columns(view, model, users) if is_owner(name)}
        for name, value in pairs:
            if name in owners and model not in users and is_chosen(view, route, value, call.scope, sources=_NAMED):
                yield at(
                    call.within.function, call.node, f"the caller chooses whose `{model.name}` to see", route=route
                )


def _claimed(view: View, route: Route) -> Iterator[Found]:
    """Yield where a user is loaded by an id in a header or a cookie, and nothing proves that it is theirs."""
    asked = {one.name for one in view.parameters.of(route) if one.source in ("header", "cookie")}
    if not asked or any(_proves(call) for call in view.calls(route)):
        return
    for reached in view.reached(route):
        for call in view.calls_within(reached):
            yield from _claimed_in_text(view, route, call)
            if call.name not in ("get", "get_one", *_FILTERS):
                continue
            values = (
                [*call.node.args[1:2]]
                if call.name in ("get", "get_one")
                else [value for _name, value in equalities(call)]
            )
            models = loaded(view, call)
            owners = {name for one in models for name in owner_columns(view, one, [])}
            theirs = [value for name, value in equalities(call) if name in owners]
            for value in values if any(_is_user(view, one) for one in models) else theirs:
                for origin in view.origins.of(value, call.scope):
                    is_claim = source(view, route, origin) in ("header", "cookie")
                    if is_claim and set(words(origin.name)) & _PEOPLE:
                        message = f"`{origin.name}` is believed, although anybody can send it"
                        yield at(call.within.function, call.node, message, route=route)


def _claimed_in_text(view: View, route: Route, call: Called) -> Iterator[Found]:
    """Yield where SQL loads somebody by an id in a header or a cookie that is called after them: `reader_id`."""
    for sql in view.statements.sql(call.node, call.scope)[:1]:
        for before, value, scope in holes(view, call) if sql.verb == "select" else ():
            for one in view.origins.of(value, scope) if _KEY.search(before) else ():
                *whose, last = words(one.name) or ("",)
                is_named = last == "id" and any(sql.table.startswith(name) for name in whose if len(name) > 2)
                if is_named and one.function is not None and source(view, route, one) in ("header", "cookie"):
                    message = f"`{one.name}` is believed, although anybody can send it"
                    yield at(one.function, one.node, message, route=route)


def _is_user(view: View, model: Class) -> bool:
    return view.fields.is_model(Instance(model)) and bool(
        set(words(model.name)) & {"user", "account", "customer", "member"}
    )


def _proves(call: Called) -> bool:
    return call.name in ("decode", "loads", "verify", "compare_digest", "unsign", "introspect", "verify_token")
