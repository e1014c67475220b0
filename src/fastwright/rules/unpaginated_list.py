"""A list that returns all rows that there are.

## What it does
Finds a GET endpoint that returns the rows of a table, or documents, without a limit anywhere on the way.
It weighs less where the rows are those of one parent or of one user.

## Why it hurts
It is fast on the day it is written. With a hundred thousand rows each call loads all of them, and a few calls at once
take the memory of the process.

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


@app.get("/orders")
def list_orders(session: SessionDep) -> list[OrderOut]:
    return session.scalars(select(Order).order_by(Order.id)).all()  # <- found
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


@app.get("/orders")
def list_orders(session: SessionDep, after: int = 0) -> list[OrderOut]:
    return session.scalars(select(Order).where(Order.id > after).order_by(Order.id).limit(50)).all()
```

## Known limits
Tables that never grow, such as countries, look like all others: allow them, with that reason. A filter from one value
to another of the same column, such as a day, is taken for a bound; a few states are none.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.rules._engine.sql import HOLE
from fastwright.rules._rows import Rows, is_sliced, unbounded
from fastwright.rules._rule import Class, Found, Instance, Route, Rule, Value, View, at, on
from fastwright.rules._words import words

RULE = Rule("contract", "medium", ("API4:2023", "CWE-770"))


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.method != "GET" or route.function is None or route.endpoint.kind != "operation":
            continue
        own = view.reached(route, "endpoint")[0]
        is_single = _is_single(view, route)
        named = {one for one in words(route.function.name) if one.endswith("s")} if is_single else set[str]()
        if is_sliced(view, own.function, own.scope) or (is_single and not named):
            continue
        for rows in unbounded(view, own):
            # `/projects/by/{user_id}` gives many, and says so: `get_projects`.
            if not is_single or any(one[:-1].removesuffix("ie") in rows.table.lower() for one in named):
                yield _found(view, route, rows)


def _is_single(view: View, route: Route) -> bool:
    """Tell an endpoint that answers with one thing: its path ends in an id, and what it declares holds no list."""
    declared = route.option("response_model") or (route.function.node.returns if route.function else None)
    value = view.evaluator.types.annotated(declared, view.scope(route.function)) if route.function else None
    is_many = isinstance(value, Instance) and (bool(value.items) or _is_wrapper(view, value))
    return route.path.rstrip("/").endswith("}") and not is_many


def _is_wrapper(view: View, value: Instance) -> bool:
    """Tell a schema of a list and what is said of it, such as a total: it stands for no row itself, and has no key."""
    fields = view.fields.of(value.of) if isinstance(value.of, Class) else {}
    if any({"id", "uuid"} & set(words(name)) for name in fields):
        return False
    scopes = [(one.annotation, view.scope(one.owner.module)) for one in fields.values()]
    given = [view.evaluator.types.annotated(*one) for one in scopes]
    return any(isinstance(one, Instance) and any(_is_project(item) for item in one.items) for one in given)


def _is_project(value: Value | None) -> bool:
    return isinstance(value, Instance) and isinstance(value.of, Class)


def _found(view: View, route: Route, rows: Rows) -> Found:
    sent = view.statements.sent(rows.step)
    node, scope = (sent[0].node, sent[0].scope) if sent else (rows.step.node, rows.step.scope)
    every = f"every row of `{rows.table}`" if rows.table not in ("", HOLE) else "every row"
    message = f"{every}{' that matches' if rows.filtered else ''} is returned, however many there are"
    severity = "low" if rows.filtered else None
    where = scope.function or scope.module
    if where is route.function:
        return at(where, node, message, route=route, severity=severity)
    place = f"`{scope.function.qualname}`, {scope.module.path}" if scope.function else scope.module.path
    return on(route, f"{message} (in {place})", severity=severity)  # where the list is asked for, a limit is missing
