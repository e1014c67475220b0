"""A field that decides over rights, settable by those who have none.

## What it does
Finds fields of a request that are copied to a model all at once, or a role that is taken from the request, where one
of them says what somebody may do: `is_admin`, `role`, `balance`. It makes no difference if the role is looked up by
what was sent.

## Why it hurts
`{"is_admin": true}` in the body of a sign-up is all that it takes to be an administrator.

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


class UserIn(BaseModel):
    name: str
    is_admin: bool = False


@app.post("/users", status_code=201)
def create_user(body: UserIn, session: SessionDep) -> None:
    session.add(User(**body.model_dump()))  # <- found
    session.commit()
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


class UserIn(BaseModel):
    name: str


@app.post("/users", status_code=201)
def create_user(body: UserIn, session: SessionDep) -> None:
    session.add(User(**body.model_dump()))
    session.commit()
```

## Known limits
What a field means is told by its name. Endpoints that ask for a role are not looked at: an administrator may make
another.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.rules._accounts import PEOPLE, instance_model, sql_text
from fastwright.rules._chosen import settings
from fastwright.rules._engine.statements import SENDING
from fastwright.rules._picked import is_looked_at, picked
from fastwright.rules._rights import is_restricted, lets_owners_in, rights
from fastwright.rules._routes import where_it_counts
from fastwright.rules._rule import Called, Class, Found, Origin, Reached, Route, Rule, View, at
from fastwright.rules._stored import stored
from fastwright.rules._words import is_privilege, words

RULE = Rule("contract", "high", ("ASVS 5.0.0 15.3.3", "API3:2023", "CWE-915"))
_STRONG = frozenset({"admin", "superuser", "superadmin", "staff", "role", "roles", "permissions", "balance", "credits"})
# What kind of user somebody is.
_KINDS = (("user", "type"), ("account", "type"), ("usertype",))


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.method == "GET" or (is_restricted(view, route) and not lets_owners_in(view, route)):
            continue
        for call in view.calls(route, "endpoint"):
            yield from _copied(view, route, call)
            yield from _kept(view, route, call)
            yield from _by_text(view, route, call)
            yield from _in_sql(view, route, call)
            yield from _named(view, route, call)
            yield from _whole(view, route, call)
        for reached in view.reached(route, "endpoint"):
            yield from _assigned(view, route, reached)


def _copied(view: View, route: Route, call: Called) -> Iterator[Found]:
    for copy in view.copies.of(call):
        sent = any(_is_sent(view, route, root) for root in copy.copied.origins) or copy.copied.schema is None
        names = sorted(name for name in copy.copied.names if is_privilege(name) or name in rights(view))
        if sent and names:
            yield where_it_counts(view, route, call, f"callers set `{copy.model.name}.{names[0]}` with the rest")


def _kept(view: View, route: Route, call: Called) -> Iterator[Found]:
    """Yield what a mapper or a collection is given as it came: `users.insert_one(body.model_dump())`."""
    for one in stored(view, call):
        names = sorted(name for name in one.names if is_privilege(name) or name in rights(view))
        if names and any(_is_sent(view, route, root) for origin in one.origins for root in origin.roots):
            yield where_it_counts(view, route, call, f"callers set `{one.owner}.{names[0]}` with the rest")


def _in_sql(view: View, route: Route, call: Called) -> Iterator[Found]:
    """Yield a privilege that a text of SQL is given for itself: `INSERT INTO users (…, role) VALUES (…, %s)`."""
    for one in settings(view, call) if call.name in SENDING else ():
        is_of_people = one.model is None and bool(set(words(one.table)) & PEOPLE) and _is_strong(one.column)
        origins = view.origins.of(one.value, one.scope) if is_of_people else []
        sent = (origin for origin in origins if origin.kind != "call")
        if any(_is_sent(view, route, root) for origin in sent for root in origin.roots):
            yield where_it_counts(view, route, call, f"callers set `{one.table}.{one.column}` themselves")


def _is_strong(name: str) -> bool:
    """Tell what decides what somebody may do, and is set by name."""
    return (bool(set(words(name)) & _STRONG) and is_privilege(name)) or words(name) in _KINDS


def _by_text(view: View, route: Route, call: Called) -> Iterator[Found]:
    """Yield SQL with named values that are given all that came: `execute("INSERT … :role", body.model_dump())`."""
    text = sql_text(view, call.node, call.scope) if len(call.node.args) > 1 else ""
    named = set(re.findall(r"(?<!:):(\w+)|%\((\w+)\)s", text)) if text else set[tuple[str, str]]()
    names = {one for pair in named for one in pair if one and (is_privilege(one) or one in rights(view))}
    for argument in call.node.args[1:] if names else ():
        copied = view.copies.read(argument, call.scope)
        chosen = sorted(names & copied.names) if copied is not None else []
        if copied is not None and chosen and any(_is_sent(view, route, root) for root in copied.origins):
            yield at(call.within.function, call.node, f"callers set `{chosen[0]}` with the rest", route=route)


def _named(view: View, route: Route, call: Called) -> Iterator[Found]:
    """Yield `User(role=body.role)`: one by one is no better."""
    if not isinstance(call.value, Class) or not view.fields.is_model(call.value):
        return
    for one in call.node.keywords:
        is_strong = bool(one.arg and _is_strong(one.arg)) or one.arg in rights(view)
        if one.arg and is_strong and one.arg in view.fields.columns(call.value):
            origins = view.origins.of(one.value, call.scope)
            found = any(_is_sent(view, route, root) for one in origins for root in one.roots if one.kind != "call")
            if found or _is_picked(view, route, one.value, call):
                yield where_it_counts(view, route, call, f"callers set `{call.value.name}.{one.arg}` themselves")


def _is_picked(view: View, route: Route, node: ast.expr, call: Called) -> bool:
    """Tell the role of a new row that is looked up by a name that the caller sends, whichever it is."""
    sent = any(_is_sent(view, route, root) for one in picked(view, node, call.scope) for root in one.roots)
    return sent and not is_looked_at(one.function for one in view.reached(route, "endpoint"))


def _assigned(view: View, route: Route, reached: Reached) -> Iterator[Found]:
    """Yield `user.role = body.role`."""
    for node in reached.function.nodes(ast.Assign):
        for target in node.targets:
            name = target.attr if isinstance(target, ast.Attribute) else ""
            if not isinstance(target, ast.Attribute) or not (set(words(name)) & _STRONG and is_privilege(name)):
                continue
            written = view.constants.written(node.value, reached.scope)
            is_reckoned = written is not None and isinstance(written[0], ast.BinOp)  # `balance = balance + amount`
            model = instance_model(view, target.value, reached.function) if not is_reckoned else None
            origins = view.origins.of(node.value, reached.scope) if model is not None else []
            sent = [
                one for one in origins if one.kind == "field" and any(_is_sent(view, route, root) for root in one.roots)
            ]
            if model is not None and name in view.fields.columns(model) and sent:
                yield at(reached.function, node, f"callers set `{model.name}.{name}` themselves", route=route)


def _whole(view: View, route: Route, call: Called) -> Iterator[Found]:
    """Yield `session.add(body)`, where the body is the table itself."""
    if call.name not in ("add", "merge") or not call.node.args or not view.statements.on_session(call):
        return
    origins = view.origins.of(call.node.args[0], call.scope)
    value = view.value(call.node.args[0], call.scope)
    model = getattr(value, "of", None)
    if isinstance(model, Class) and any(one.kind == "parameter" and _is_sent(view, route, one) for one in origins):
        names = sorted(name for name in view.fields.columns(model) if is_privilege(name) or name in rights(view))
        if names:
            yield at(
                call.within.function, call.node, f"callers set `{model.name}.{names[0]}` with the rest", route=route
            )


def _is_sent(view: View, route: Route, root: Origin) -> bool:
    if root.kind != "parameter" or root.function is None or not view.fills(route, root.function):
        return False
    sources = {one.name: one.source for one in view.parameters.own(route, root.function)}
    return sources.get(root.name) in ("body", "form", "query") and not isinstance(root.node, ast.Constant)
