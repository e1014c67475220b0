"""Somebody's data, loaded for anybody who is signed in.

## What it does
Finds an endpoint that knows who is calling and loads a row of somebody by its id, without the caller being part of
the query and without a check of whose the row is. A row is somebody's if it refers to a user, or to a row that does,
such as an item of an order. Changes of any user's account are found, too, and, where a role is asked for, what is of
others with the same role: the courses of one instructor, changed by another. Which roles have a permission is read
where the code writes it down.

Three ways around a check are found besides: a row that is loaded by its own id alone, where the guard looks at the team
in the path that it should be of; a new row that is put below somebody else's; and the id of an account that is held
against a column with those of another table, such as students.

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
Reads of what has only an author, or of what anybody may list, are taken to be for everybody; changes are not. So are
reads by way of another row, unless the app reads that row for its owner alone. Endpoints for those who stand above
others are not looked at; a guard that lets ordinary users pass, too, is none for those.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._accounts import foreign_key, owner_columns
from fastwright.rules._astray import past_guard, put_below
from fastwright.rules._belonging import held, of_role
from fastwright.rules._by_sql import by_text, is_guarded
from fastwright.rules._callers import callers, checks_itself, is_caller, refusing_middleware, user_models
from fastwright.rules._chosen import accounts, settings
from fastwright.rules._documents import unowned
from fastwright.rules._held_against import is_listed, is_open_account, is_private, meets_caller
from fastwright.rules._loading import Load, loads, made_below
from fastwright.rules._mistaken import mistaken
from fastwright.rules._rights import is_restricted, ranks
from fastwright.rules._routes import CHANGES, segments, where_it_counts
from fastwright.rules._rule import Class, Found, Route, Rule, View, project_class
from fastwright.rules._scoped import is_scoped
from fastwright.rules._touched import made
from fastwright.rules._words import is_author, words

RULE = Rule("access", "high", ("ASVS 5.0.0 8.2.2", "API1:2023", "CWE-639"))
# Who is served by those who sign in.
_CUSTOMERS = frozenset({"client", "clients", "customer", "customers", "patient", "patients", "guest", "guests"})
# What an address may end with, although the row is what is taken away.
_VERBS = frozenset({"delete", "remove", "destroy", "cancel"})


def find(view: View) -> Iterator[Found]:
    compared = _compared(view)
    for route in view.routes:
        known = bool(callers(view, route)) or checks_itself(view, route)
        is_asked = known or route.auth.required or bool(refusing_middleware(view))
        if not is_asked or _is_below(route):
            continue
        users = user_models(view, route) if known else _given_by_guards(view, route)
        yield from past_guard(view, route)
        yield from mistaken(view, route) if known else ()
        if is_restricted(view, route):
            yield from _among_equals(view, route, users)
            continue
        yield from by_text(view, route)
        yield from put_below(view, route, users) if known else ()
        yield from unowned(view, route) if known or route.method in CHANGES else ()
        for load in loads(view, route):
            message = _own(view, route, load, users, None if known else compared)
            if not message and known:
                message = _account(view, route, load, users) or _by_way(view, route, load, users)
            if message:
                yield where_it_counts(view, route, load.call, message)
                break


def _own(view: View, route: Route, load: Load, users: list[Class], compared: set[tuple[str, str]] | None) -> str:
    """Say what is wrong with a row that has an owner, and is loaded by its id; nothing if all is well."""
    model = load.model
    owners = owner_columns(view, model, users) if not load.by else set[str]()
    if compared is not None and not any((model.name, owner) in compared for owner in owners):
        return ""  # whoever is signed in may see it, as far as is known
    if route.method not in CHANGES:
        owners = {name for name in owners if not is_author(name)}
        owners = set[str]() if is_listed(view, model) and not is_private(view, model, owners) else owners
    is_theirs = model not in users and not _is_about_others(view, model, owners) and not _adds_to(view, route, model)
    if not owners or not is_theirs or is_scoped(view, route, model, owners):
        return ""
    return f"`{model.name}` is somebody's (`{min(owners)}`), and is loaded for any caller"


def _account(view: View, route: Route, load: Load, users: list[Class]) -> str:
    """Say that whoever is signed in changes the account of anybody."""
    is_open = route.method in CHANGES and not load.by and is_open_account(view, route, load.model, users)
    return f"any caller changes any `{load.model.name}`: nobody asks whose it is" if is_open else ""


def _by_way(view: View, route: Route, load: Load, users: list[Class]) -> str:
    """Say what is wrong with rows that are somebody's by way of others, or are asked for by whose they are."""
    model = load.model
    found = held(view, model, users or accounts(view))
    if found is None or model in users or route.method == "POST":
        return ""
    owners = set(found.owners)
    if found.model is model:
        owners &= {load.by}
    elif load.by and load.by != found.by:
        owners = set[str]()
    is_claimed = load.by in owners and _is_for_one(view, route, load)
    if not owners or not (is_claimed or route.method in CHANGES or is_private(view, found.model, owners)):
        return ""
    if meets_caller(view, route) or (not is_claimed and is_scoped(view, route, found.model, owners)):
        return ""
    way = f", by way of `{found.model.name}`" if found.model is not model else ""
    return f"`{model.name}` is somebody's (`{min(owners)}`){way}, and is loaded for any caller"


def _is_for_one(view: View, route: Route, load: Load) -> bool:
    """Tell rows of whom the address names, which nobody may list, where nobody is told who is calling."""
    is_told = checks_itself(view, route) or any(one.owner is route.function for one in callers(view, route))
    return not is_told and not is_guarded(route, {load.by}) and not is_listed(view, load.model)


def _among_equals(view: View, route: Route, users: list[Class]) -> Iterator[Found]:
    """Yield where somebody with a role gets at what is of others who have it: a `seller` at any `seller_id`."""
    roles = ranks(view, route)
    for load in (*loads(view, route), *made_below(view, route)) if roles else ():
        is_new = not load.by and load.model in made(view, route)
        if route.method == "POST" and (is_new or roles.issuperset(words(load.model.name))):
            continue  # it was made just now, or is whom something new is about
        model, owners = _of_equals(view, load, roles, users)
        if route.method == "GET" and not is_private(view, model, owners | {"id"}):
            continue
        if owners and not is_scoped(view, route, model, owners) and not meets_caller(view, route):
            whose = f"{model.name}.{min(owners)}"
            message = f"`{load.model.name}` is somebody's (`{whose}`), and whoever has the same role gets at it"
            yield where_it_counts(view, route, load.call, message)
            return


def _of_equals(view: View, load: Load, roles: set[str], users: list[Class]) -> tuple[Class, set[str]]:
    """Return the columns that say to whom of those with a role a row belongs, and the model that has them."""
    own = of_role(view, load.model, roles, accounts(view)) if not load.by else set[str]()
    found = held(view, load.model, users or accounts(view))
    if own or found is None or (load.by and load.by != found.by):
        return load.model, own
    return found.model, {name for name in found.owners if roles & set(words(name))}


def _adds_to(view: View, route: Route, model: Class) -> bool:
    """Tell a POST that makes something of the caller's own below a row: a comment on a post, a review of a book."""
    new = (one for call in view.calls(route, "endpoint") for one in settings(view, call) if route.method == "POST")
    others = (one for one in new if one.model is not None and one.model is not model)
    return any(is_caller(view, route, origin) for one in others for origin in view.origins.of(one.value, one.scope))


def _is_about_others(view: View, model: Class, owners: set[str]) -> bool:
    """Tell a row that is of a customer who does not sign in: the user in it is who works on it, as in a back office."""
    others = [field for name, field in view.fields.columns(model).items() if name not in owners]
    tables = [foreign_key(field.value) or foreign_key(field.annotation) for field in others]
    return any(_CUSTOMERS & set(words(table.split(".")[0])) for table in tables)


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
    last = segments(route.path.rstrip("/"))[-1]
    return route.method == "DELETE" and "}/" in route.path and not last.endswith("}") and last not in _VERBS
