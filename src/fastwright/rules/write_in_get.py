"""A GET that changes something.

## What it does
Finds a GET endpoint that adds, changes or deletes rows or documents, itself or in what it calls, also by SQL in text;
and one that starts a task of Celery or sends a mail.

## Why it hurts
Browsers, crawlers, link previews and caches repeat and prefetch GETs as they like, and cookies are sent along from
other sites: a link in a mail is enough to delete something.

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


@app.get("/orders/{order_id}/archive")
def archive_order(order_id: int, user: CurrentUser, session: SessionDep) -> None:  # <- found
    order = session.scalar(select(Order).where(Order.id == order_id, Order.user_id == user.id))
    session.delete(order)
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


@app.post("/orders/{order_id}/archive", status_code=204)
def archive_order(order_id: int, user: CurrentUser, session: SessionDep) -> None:
    order = session.scalar(select(Order).where(Order.id == order_id, Order.user_id == user.id))
    session.delete(order)
    session.commit()
```

## Known limits
What dependencies write, such as when somebody was last seen, is left alone, and so are the callbacks of a sign-in and
links that confirm something.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.rules._engine.drivers import DOCUMENT_CHANGES
from fastwright.rules._engine.statements import sql_argument
from fastwright.rules._mailing import MAILERS, mails
from fastwright.rules._rule import Bound, Called, Class, Found, Instance, Reached, Route, Rule, View, on
from fastwright.rules._words import words

RULE = Rule("contract", "medium", ("ASVS 5.0.0 3.5.3", "CWE-650", "RFC 9110 section 9.2.1"))
_ADDS = frozenset(
    {"add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
)
_STATEMENTS = frozenset({"insert", "update", "delete"})
_STARTS = ("delay", "apply_async")
_TASKS = frozenset({"task", "shared_task"})
_LINKS = re.compile(r"callback|oauth|redirect|login|logout")
# Links in mails are followed by a GET, and carry a token that says so.
_MAILED = re.compile(r"verify|verification|confirm|activate|unsubscribe")
_TOKENS = frozenset({"token", "code", "key", "signature", "sig", "hash", "nonce", "uid", "otp", "secret", "jwt"})
# What is written of those who read, and what is kept so that it need not be worked out again.
_TRAILS = frozenset({"audit", "auditer", "auditor", "audits", "log", "logs", "cache", "cached", "caches"})
_DOES = {"insert": "adds rows", "update": "changes rows", "delete": "deletes rows", "drop": "drops a table"}
# What a connection does before it is used.
_SETTING_UP = frozenset({"create"})


def find(view: View) -> Iterator[Found]:
    mailers = any(view.naming(*MAILERS))
    for route in view.routes:
        if route.method != "GET" or route.function is None or _is_link(route) or _provisions(view, route):
            continue
        committed = _is_committed(view, route)
        reached = view.reached(route, "endpoint")
        written = next((what for one in reached for what in _writes(view, one, committed=committed)), None)
        if written is None and mailers and any(mails(view, one) for one in reached):
            written = "sends a mail"
        if written is not None:
            yield on(route, f"a GET {written}")


def _is_link(route: Route) -> bool:
    """Tell what a browser is sent to: by another service, or by a mail."""
    names = route.function.parameters if route.function else {}
    has_token = any(_TOKENS & set(words(name)) for name in names)
    return bool(_LINKS.search(route.path)) or (has_token and bool(_MAILED.search(route.path)))


def _provisions(view: View, route: Route) -> bool:
    """Tell an endpoint whose caller gets an account at the first request: that belongs to signing in."""
    names = (words(one.function.name) for one in view.reached(route, "endpoint"))
    return any(
        {"provision", "provisioned"} & set(parts) and {"user", "account", "current"} & set(parts) for parts in names
    )


def _is_committed(view: View, route: Route) -> bool:
    """Tell a request in which something is committed: by the endpoint, by what it calls, or at its end."""
    return any(call.name in ("commit", "flush") and view.statements.on_session(call) for call in view.calls(route))


def _writes(view: View, reached: Reached, *, committed: bool) -> Iterator[str]:
    if reached.later or _is_trail(reached.function.qualname):
        return
    for call in view.calls_within(reached):
        if call.name in _ADDS and view.statements.on_session(call) and call.node.args:
            if not _is_trail(_class_name(view, call)):
                yield "deletes rows" if call.name == "delete" else "adds rows"
        elif call.name in ("update", "delete") and _is_query(view, call):
            yield "changes rows" if call.name == "update" else "deletes rows"
        elif call.name in _STARTS and _is_task(view, call):
            yield "starts a job"
        else:
            yield from _statement(view, call)
    if committed:
        yield from _changes(view, reached)


def _is_task(view: View, call: Called) -> bool:
    """Tell `send_invoice.delay(…)` of a task of Celery."""
    started = view.value(call.node.func.value, call.scope) if isinstance(call.node.func, ast.Attribute) else None
    return (
        isinstance(started, Bound)
        and bool(started.function.decorators & _TASKS)
        and not _is_trail(started.function.qualname)
    )


def _is_trail(name: str) -> bool:
    """Tell what writes down who has read something, or what was read: that is no change of it."""
    return bool(_TRAILS & set(words(name)))


def _class_name(view: View, call: Called) -> str:
    value = view.value(call.node.args[0], call.scope)
    return value.of.name if isinstance(value, Instance) and isinstance(value.of, Class) else ""


def _is_query(view: View, call: Called) -> bool:
    """Tell `session.query(Order).update(…)`."""
    func = call.node.func
    steps = view.statements.steps(func.value, call.scope) if isinstance(func, ast.Attribute) else []
    return any(step.name == "query" for step in steps)


def _statement(view: View, call: Called) -> Iterator[str]:
    """Yield what a statement does that a call sends, be it SQL or built in Python."""
    for sql in view.statements.sql(call.node, call.scope):
        if sql.changes and sql.verb not in _SETTING_UP and not _is_trail(sql.table):
            yield _DOES.get(sql.verb, "changes rows")
    if call.name in DOCUMENT_CHANGES and not isinstance(call.value, Bound):
        owner = call.node.func.value if isinstance(call.node.func, ast.Attribute) else call.node.func
        yield from [] if _is_trail(ast.unparse(owner)) else [DOCUMENT_CHANGES[call.name]]
    given = sql_argument(call.node)
    if given is None or not view.statements.on_session(call):
        return
    for step in view.statements.steps(given, call.scope):
        package = view.library(step.node.func, step.scope).partition(".")[0]
        if (
            step.name in _STATEMENTS
            and package in ("sqlalchemy", "sqlmodel")
            and isinstance(step.node.func, ast.Name | ast.Attribute)
        ):
            yield _DOES[step.name]


def _changes(view: View, reached: Reached) -> Iterator[str]:
    """Yield what is set on a row before it is committed."""
    targets = [target for node in reached.function.nodes(ast.Assign) for target in node.targets]
    targets += [node.target for node in reached.function.nodes(ast.AugAssign)]
    for call in view.calls_within(reached):
        row = view.value(call.node.args[0], reached.scope) if call.name == "setattr" and call.node.args else None
        if isinstance(row, Instance) and isinstance(row.of, Class) and view.fields.is_model(row):
            yield f"sets columns of `{row.of.name}`"
    for target in targets:
        if isinstance(target, ast.Attribute):
            value = view.value(target.value, reached.scope)
            if isinstance(value, Instance) and isinstance(value.of, Class) and view.fields.is_model(value):
                yield f"sets `{value.of.name}.{target.attr}`"
