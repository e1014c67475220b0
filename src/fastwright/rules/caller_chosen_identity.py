"""An identity that callers choose themselves.

## What it does
Finds a row whose owner is set from what the caller sent, in an endpoint that knows who is calling; and a user who is
loaded by an id from a header, a cookie or the query as if that proved who is calling.

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
Endpoints that ask for a role are not looked at: who may act for others has to name them. An id that is compared with
that of the caller is fine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._accounts import names_in, owner_columns
from fastwright.rules._callers import callers, is_caller, is_restricted, user_models
from fastwright.rules._rule import Called, Class, Found, Instance, Origin, Route, Rule, View, at
from fastwright.rules._words import is_owner, words

RULE = Rule("access", "high", ("ASVS 5.0.0 8.2.2", "API1:2023", "CWE-639"))
_FILTERS = frozenset({"where", "filter", "filter_by"})
_PEOPLE = frozenset({"user", "account", "customer", "member", "uid", "userid"})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        yield from _claimed(view, route)
        if not is_restricted(view, route):
            yield from _owned(view, route)


def _owned(view: View, route: Route) -> Iterator[Found]:
    """Yield where the owner of a row is what the caller says."""
    if not callers(view, route):
        return
    users = user_models(view, route)
    for call in view.calls(route, "endpoint"):
        model = call.value
        if isinstance(model, Class) and view.fields.is_model(model) and model not in users:
            owners = owner_columns(view, model, users)
            for one in call.node.keywords:
                if one.arg in owners and _is_chosen(view, route, one.value, call):
                    yield at(
                        call.within.function, call.node, f"the caller chooses `{model.name}.{one.arg}`", route=route
                    )
        for copy in view.copies.of(call):
            owners = owner_columns(view, copy.model, users) if copy.model not in users else set[str]()
            for name in sorted(owners & copy.copied.names) if copy.copied.schema else ():
                if not _is_compared(view, route, name) and not _is_signed(view, route, copy.model):
                    yield at(
                        call.within.function, call.node, f"the caller chooses `{copy.model.name}.{name}`", route=route
                    )
        if call.name in _FILTERS:
            yield from _filtered(view, route, call, users)


def _is_signed(view: View, route: Route, model: Class) -> bool:
    """Tell a row on which the code writes who made it: `row.created_by = user.id`. Whom else it names may be chosen."""
    columns = view.fields.columns(model)
    return any(
        isinstance(target, ast.Attribute)
        and target.attr in columns
        and any(is_caller(view, route, one) for one in view.origins.of(node.value, reached.scope))
        for reached in view.reached(route, "endpoint")
        for node in reached.function.nodes(ast.Assign)
        for target in node.targets
    )


def _filtered(view: View, route: Route, call: Called, users: list[Class]) -> Iterator[Found]:
    """Yield a query for what is somebody's, by an owner from the query or the body."""
    if not isinstance(call.node.func, ast.Attribute):
        return
    for model in view.statements.models(call.node.func.value, call.scope):
        owners = {name for name in owner_columns(view, model, users) if is_owner(name)}
        for name, value in _equalities(call):
            if name in owners and model not in users and _is_chosen(view, route, value, call):
                yield at(
                    call.within.function, call.node, f"the caller chooses whose `{model.name}` to see", route=route
                )


def _equalities(call: Called) -> Iterator[tuple[str, ast.expr]]:
    yield from ((one.arg, one.value) for one in call.node.keywords if one.arg)
    for argument in call.node.args:
        for node in ast.walk(argument):
            if (
                isinstance(node, ast.Compare)
                and isinstance(node.ops[0], ast.Eq)
                and isinstance(node.left, ast.Attribute)
            ):
                yield node.left.attr, node.comparators[0]


def _is_chosen(view: View, route: Route, node: ast.expr, call: Called) -> bool:
    origins = view.origins.of(node, call.scope)
    if any(one.kind == "field" and one.owner is not None and view.fields.is_model(one.owner) for one in origins):
        return False  # what was loaded, by whatever the caller named, is a row of ours
    sent = [
        one
        for one in origins
        for root in one.roots
        if _source(view, route, root) in ("query", "body", "path", "form", "header")
    ]
    if not sent or any(is_caller(view, route, one) for one in origins):
        return False
    return not any(_is_compared(view, route, one.name) for one in origins)


def _source(view: View, route: Route, root: Origin) -> str:
    if root.kind != "parameter" or root.function is None or not view.fills(route, root.function):
        return ""
    return next((one.source for one in view.parameters.own(route, root.function) if one.name == root.name), "")


def _is_compared(view: View, route: Route, name: str) -> bool:
    """Tell whether what the caller chose is held against who they are."""
    for reached in view.reached(route):
        for node in reached.function.nodes(ast.Compare):
            sides = [node.left, *node.comparators]
            mentioned = [one for one in sides if name in names_in(one)]
            others = [one for one in sides if one not in mentioned]
            if mentioned and any(
                is_caller(view, route, origin) for one in others for origin in view.origins.of(one, reached.scope)
            ):
                return True
    return False


def _claimed(view: View, route: Route) -> Iterator[Found]:
    """Yield where a user is loaded by an id in a header or a cookie, and nothing proves that it is theirs."""
    asked = {one.name for one in view.parameters.of(route) if one.source in ("header", "cookie")}
    if not any(set(words(name)) & _PEOPLE for name in asked) or any(_proves(call) for call in view.calls(route)):
        return
    for reached in view.reached(route):
        for call in view.calls_within(reached):
            if call.name not in ("get", "get_one", *_FILTERS):
                continue
            values = (
                [*call.node.args[1:2]]
                if call.name in ("get", "get_one")
                else [value for _name, value in _equalities(call)]
            )
            models = _models(view, call)
            owners = {name for one in models for name in owner_columns(view, one, [])}
            theirs = [value for name, value in _equalities(call) if name in owners]
            for value in values if any(_is_user(view, one) for one in models) else theirs:
                for origin in view.origins.of(value, call.scope):
                    source = _source(view, route, origin)
                    if source in ("header", "cookie") and set(words(origin.name)) & _PEOPLE:
                        message = f"`{origin.name}` is believed, although anybody can send it"
                        yield at(call.within.function, call.node, message, route=route)


def _models(view: View, call: Called) -> list[Class]:
    if call.name in ("get", "get_one") and call.node.args:
        value = view.value(call.node.args[0], call.scope)
        return [value] if isinstance(value, Class) else []
    return view.statements.models(call.node.func.value, call.scope) if isinstance(call.node.func, ast.Attribute) else []


def _is_user(view: View, model: Class) -> bool:
    return view.fields.is_model(Instance(model)) and bool(
        set(words(model.name)) & {"user", "account", "customer", "member"}
    )


def _proves(call: Called) -> bool:
    return call.name in ("decode", "loads", "verify", "compare_digest", "unsign", "introspect", "verify_token")
