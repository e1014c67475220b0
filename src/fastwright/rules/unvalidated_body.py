"""A body that is taken as it comes.

## What it does
Finds an endpoint whose body is a bare `dict`, a list of them or `Any`, or that reads `request.json()` or takes the
fields of `request.form()` one by one, where nothing on the way checks what is in it.

## Why it hurts
Whatever is sent goes on into the code: a missing key is a 500, a list where a text was meant is a strange query, and
the OpenAPI document cannot tell anybody what to send.

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


@app.post("/orders", status_code=201)
def create_order(body: dict, session: SessionDep) -> OrderOut:  # <- found
    order = Order(user_id=1, note=body["note"])
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
def create_order(body: OrderIn, session: SessionDep) -> OrderOut:
    order = Order(user_id=1, note=body.note)
    session.add(order)
    session.commit()
    return order
```

## Known limits
A webhook whose signature is checked is taken to be validated by that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._rule import Called, Class, External, Found, Instance, Parameter, Route, Rule, Value, View, at

RULE = Rule("contract", "medium", ("ASVS 5.0.0 2.2.1", "API8:2023", "CWE-20"))
_LOOSE = frozenset(
    {"builtins.dict", "typing.Dict", "typing.Any", "typing.Mapping", "collections.abc.Mapping", "builtins.object"}
)
_LISTS = frozenset({"builtins.list", "typing.List", "typing.Sequence", "collections.abc.Sequence"})
_CHECKS = frozenset(
    {"model_validate", "parse_obj", "validate_python", "validate", "from_dict", "structure", "load", "loads"}
)
_SIGNED = frozenset({"compare_digest", "construct_event", "verify_signature", "verify"})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.method == "GET" or route.function is None or any(one.name in _SIGNED for one in view.calls(route)):
            continue
        for one in view.parameters.own(route, route.function):
            if one.source == "body" and _is_loose(view, one) and not _is_checked(view, route, one.name):
                yield at(route.function, one.node, f"nothing says or checks what is in `{one.name}`", route=route)
        for call in view.calls(route, "endpoint"):
            if (_reads_json(call) or _reads_form(call)) and not _is_made_of(view, route, call):
                yield at(call.within.function, call.node, "nothing says or checks what is in this body", route=route)


def _is_loose(view: View, one: Parameter) -> bool:
    if one.type is None:
        return True
    return _says_nothing(view.evaluator.types.annotated(one.type, one.scope))


def _says_nothing(value: Value | None) -> bool:
    """Tell a type under which everything goes, or every value of a dictionary."""
    if not isinstance(value, Instance) or not isinstance(value.of, External):
        return False
    if value.of.name in _LISTS:
        return value.item is None or _says_nothing(value.item)
    return value.of.name in _LOOSE and (len(value.items) < 2 or _says_nothing(value.items[-1]))


def _is_checked(view: View, route: Route, name: str) -> bool:
    """Tell whether the body goes into something that checks it."""
    for call in view.calls(route, "endpoint"):
        is_check = call.name in _CHECKS or (isinstance(call.value, Class) and view.fields.is_schema(call.value))
        given = [*call.node.args, *(one.value for one in call.node.keywords if one.arg is None or call.name in _CHECKS)]
        if is_check and any(
            name in (origin.name, *(root.name for root in origin.roots))
            for one in given
            for origin in view.origins.of(one, call.scope)
        ):
            return True
    return False


def _reads_json(call: Called) -> bool:
    return call.name == "json" and call.path.endswith("Request.json")


def _reads_form(call: Called) -> bool:
    """Tell an endpoint that takes the fields of a form one by one; what goes over all of them asks for none by name."""
    function = call.within.function
    if call.name != "form" or not call.path.endswith("Request.form") or call.within.way:
        return False
    names = {
        name
        for name, bindings in function.facts.bindings.items()
        if any(call.node in ast.walk(one.value) for one in bindings)
    }
    fields = [one.value for one in function.nodes(ast.Subscript) if isinstance(one.slice, ast.Constant)]
    asked = (site.node for site in function.calls if site.name == "get" and site.node.args)
    fields += [one.func.value for one in asked if isinstance(one.func, ast.Attribute)]
    return any(isinstance(one, ast.Name) and one.id in names for one in fields)


def _is_made_of(view: View, route: Route, read: Called) -> bool:
    """Tell whether what was read goes into something that checks it."""
    for call in view.calls(route, "endpoint"):
        if call.name in _CHECKS or (isinstance(call.value, Class) and view.fields.is_schema(call.value)):
            given = [
                *call.node.args,
                *(one.value for one in call.node.keywords if one.arg is None or call.name in _CHECKS),
            ]
            for one in given:
                if any(origin.node is read.node for origin in view.origins.of(one, call.scope)):
                    return True
    return False
