"""Somebody's data, loaded for anybody who is signed in.

## What it does
Finds an endpoint that knows who is calling and loads a row of somebody by its id, without the caller being part of
the query and without a check of whose the row is. A row is somebody's if it refers to a user.

## Why it hurts
Ids can be counted: whoever is signed in reads, changes or deletes the orders of everybody else by trying the next
number. It is the first of the OWASP API Top 10.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
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


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[str]


def current_user(token: Annotated[str, Depends(scheme)]) -> User:
    return load_user(token)


CurrentUser = Annotated[User, Depends(current_user)]
SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/orders/{order_id}")
def read_order(order_id: int, user: CurrentUser, session: SessionDep) -> str:
    return session.get(Order, order_id).note  # <- found
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
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


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[str]


def current_user(token: Annotated[str, Depends(scheme)]) -> User:
    return load_user(token)


CurrentUser = Annotated[User, Depends(current_user)]
SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/orders/{order_id}")
def read_order(order_id: int, user: CurrentUser, session: SessionDep) -> str | None:
    return session.scalar(select(Order.note).where(Order.id == order_id, Order.user_id == user.id))
```

## Known limits
Reads of what has only an author are taken to be for everybody; changes are not. Endpoints for a role are not looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._accounts import foreign_key, owner_columns, sql_text
from fastwright.rules._callers import (
    callers,
    checks_itself,
    is_caller,
    is_restricted,
    refusing_middleware,
    user_models,
)
from fastwright.rules._routes import where_it_counts
from fastwright.rules._rule import Called, Class, Found, Origin, Route, Rule, View, at, project_class
from fastwright.rules._scoped import is_looked_at, is_scoped, sql_owners
from fastwright.rules._sql import statement
from fastwright.rules._words import is_author, words

RULE = Rule("access", "high", ("ASVS 5.0.0 8.2.2", "API1:2023", "CWE-639"))
_LOADS = frozenset({"get", "get_one"})
# Who is served by those who sign in.
_CUSTOMERS = frozenset({"client", "clients", "customer", "customers", "patient", "patients", "guest", "guests"})
_KEYS = frozenset({"id", "uuid", "public_id", "uid"})
_FILTERS = frozenset({"where", "filter", "filter_by"})
# A POST below a row, such as a like, changes something else.
_CHANGES = frozenset({"PUT", "PATCH", "DELETE"})


def find(view: View) -> Iterator[Found]:
    compared = _compared(view)
    for route in view.routes:
        known = bool(callers(view, route)) or checks_itself(view, route)
        is_asked = known or route.endpoint.auth.required or bool(refusing_middleware(view))
        if not is_asked or is_restricted(view, route) or _is_below(route):
            continue
        if known:
            yield from _by_text(view, route)
        users = user_models(view, route) if known else _given_by_guards(view, route)
        for call, model in _loads(view, route):
            owners = owner_columns(view, model, users)
            if not known and not any((model.name, owner) in compared for owner in owners):
                continue  # whoever is signed in may see it, as far as is known
            if route.method not in _CHANGES:
                owners = {name for name in owners if not is_author(name)}
            is_theirs = model not in users and not _is_about_others(view, model, owners)
            if owners and is_theirs and not is_scoped(view, route, model, owners):
                message = f"`{model.name}` is somebody's (`{min(owners)}`), and is loaded for any caller"
                yield where_it_counts(view, route, call, message)
                break


def _is_about_others(view: View, model: Class, owners: set[str]) -> bool:
    """Tell a row that is of a customer who does not sign in: the user in it is who works on it, as in a back office."""
    others = [field for name, field in view.fields.columns(model).items() if name not in owners]
    tables = [foreign_key(field.value) or foreign_key(field.annotation) for field in others]
    return any(_CUSTOMERS & set(words(table.split(".")[0])) for table in tables)


def _by_text(view: View, route: Route) -> Iterator[Found]:
    """Yield a text of SQL that loads or changes a row by its id, of a table in which others have an owner."""
    for call in view.calls(route, "endpoint"):
        text = sql_text(view, call.node, call.scope)
        read = statement(text) if text else None
        if read is None or read.verb == "insert" or not read.asked & _KEYS:
            continue
        owners = {one for one in sql_owners(view).get(read.table, ()) if not is_author(one) or read.verb != "select"}
        given = [one for argument in call.node.args[1:] for one in ast.walk(argument) if isinstance(one, ast.expr)]
        is_chosen = any(_is_chosen(view, route, one, call) for one in given)
        if owners and is_chosen and not read.asked & owners and not is_looked_at(view, route, owners):
            message = f"a row of `{read.table}` is somebody's (`{min(owners)}`), and is taken for any caller"
            yield at(call.within.function, call.node, message, route=route)
            return


def _given_by_guards(view: View, route: Route) -> list[Class]:
    """Return whom the guards of a router give, which its endpoints do not ask for."""
    scopes = [(one.function, view.scope(one.function)) for one in route.dependencies if one.function is not None]
    given = (project_class(view.evaluator.types.annotated(one.node.returns, scope)) for one, scope in scopes)
    return [one for one in given if one is not None and view.fields.is_model(one)]


def _compared(view: View) -> set[tuple[str, str]]:
    """Return what functions compare: the rows of one owner are asked for so, and others are not to see them, then."""
    found: set[tuple[str, str]] = set()
    for function in view.functions:
        for node in function.nodes(ast.Compare):
            for side in (node.left, *node.comparators):
                if isinstance(side, ast.Attribute) and (side.attr.endswith("_id") or is_author(side.attr)):
                    model = project_class(view.value(side.value, view.scope(function)))
                    found.add((model.name if model is not None else last_name(side.value), side.attr))
    return found


def _is_below(route: Route) -> bool:
    """Tell `DELETE /posts/{id}/likes`: what is taken away is below the row that is loaded."""
    return route.method == "DELETE" and "}/" in route.path and not route.path.rstrip("/").endswith("}")


def _loads(view: View, route: Route) -> Iterator[tuple[Called, Class]]:
    """Yield the calls that load one row by an id that the caller chose."""
    for call in view.calls(route):
        if call.name in _LOADS and len(call.node.args) > 1 and view.statements.on_session(call):
            model = view.value(call.node.args[0], call.scope)
            if isinstance(model, Class) and _is_chosen(view, route, call.node.args[1], call):
                yield call, model
        elif call.name == "get" and len(call.node.args) == 1 and isinstance(call.node.func, ast.Attribute):
            queries = [one for one in view.statements.steps(call.node.func.value, call.scope) if one.name == "query"]
            models = view.statements.models(call.node.func.value, call.scope) if queries else []
            yield from ((call, one) for one in models[:1] if _is_chosen(view, route, call.node.args[0], call))
        elif call.name in _FILTERS and isinstance(call.node.func, ast.Attribute):
            changed = view.statements.changed(call)
            for model in (changed,) if changed else view.statements.models(call.node.func.value, call.scope):
                if _filters_by_id(view, route, call, model):
                    yield call, model


def _filters_by_id(view: View, route: Route, call: Called, model: Class) -> bool:
    """Tell `where(Model.id == order_id)` and `filter_by(id=order_id)`."""
    # What has a name in the address is for everybody to read.
    keys = _keys(view, model) - ({"slug"} if route.method not in _CHANGES else set[str]())
    for one in call.node.keywords:
        if one.arg in keys and _is_chosen(view, route, one.value, call):
            return True
    for argument in call.node.args:
        for node in ast.walk(argument):
            if isinstance(node, ast.Compare) and len(node.comparators) == 1 and isinstance(node.ops[0], ast.Eq):
                for side, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
                    is_key = isinstance(side, ast.Attribute) and side.attr in keys
                    if is_key and _names_model(view, side, call, model) and _is_chosen(view, route, other, call):
                        return True
    return False


def _names_model(view: View, side: ast.expr, call: Called, model: Class) -> bool:
    owner = view.value(side.value, call.scope) if isinstance(side, ast.Attribute) else None
    return owner is model or owner is None


def _keys(view: View, model: Class) -> set[str]:
    found = {
        name
        for name, field in view.fields.columns(model).items()
        if getattr(field.option("primary_key"), "value", False)
    }
    return found | {"id", "uuid", "slug", "public_id"} & set(view.fields.columns(model)) or {"id"}


def _is_chosen(view: View, route: Route, node: ast.expr, call: Called) -> bool:
    """Tell a value that the caller sent, and not one that is theirs."""
    origins = view.origins.of(node, call.scope)
    chosen = [one for one in origins for root in one.roots if _is_sent(view, route, root)]
    return bool(chosen) and not any(is_caller(view, route, one) for one in origins)


def _is_sent(view: View, route: Route, root: Origin) -> bool:
    if root.kind != "parameter" or root.function is None or not view.fills(route, root.function):
        return False
    sources = {one.name: one.source for one in view.parameters.own(route, root.function)}
    return sources.get(root.name) in ("path", "query", "body", "form")
