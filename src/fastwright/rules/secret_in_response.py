"""A secret that goes out in a response.

## What it does
Finds a response with a password, a hash of one, or another secret in it: as a field of the response model, at any
depth, or as a column or field of what is returned without a response model. With `check --rows` every GET of a copy is
called on tables with rows in them: if the value of a secret column is in the body, the finding is *shown by a run*.

## Why it hurts
A hash that is out can be guessed at leisure; a reset token that is out is an account that is taken over. Clients,
logs and caches keep it for ever.

## Bad
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.database import get_session

app = FastAPI()


class Base(DeclarativeBase):
    pass


SessionDep = Annotated[Session, Depends(get_session)]


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str]


@app.get("/accounts/me")
def read_me(session: SessionDep):  # <- found
    return session.scalar(select(Account))
```

## Good
```python
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.database import get_session

app = FastAPI()


class Base(DeclarativeBase):
    pass


SessionDep = Annotated[Session, Depends(get_session)]


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str]


class AccountOut(BaseModel):
    id: int
    email: str


@app.get("/accounts/me")
def read_me(session: SessionDep) -> AccountOut | None:
    return session.scalar(select(Account))
```

## Known limits
What is a secret is told by its name. A key that is shown once, in the response to the POST that makes it, is fine.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.project.source import called
from fastwright.rules._codes import given_away
from fastwright.rules._rule import Class, External, Field, Found, Instance, Route, Rule, Scope, Value, View, on
from fastwright.rules._shown import Shown, declared, project
from fastwright.rules._words import is_password, is_secret, words

RULE = Rule("contract", "high", ("ASVS 5.0.0 15.3.1", "API3:2023", "CWE-200"))
_HARMLESS = ("bool", "datetime", "SecretStr", "SecretBytes", "timedelta", "Secret[")
# What was made by this request, and is shown once.
_FRESH = frozenset({"new", "temporary", "temp", "generated", "initial"})
_LOOSE = frozenset({"dict", "Dict", "Mapping", "Any", "object", "OrderedDict", "MutableMapping"})
_LISTS = frozenset({"list", "List", "Sequence", "Iterable", "tuple", "set"})
_DEPTH = 5


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.function is None or route.endpoint.kind != "operation":
            continue
        leaked = view.observed.leaked.get((route.method, route.path))
        if leaked is not None:
            yield on(route, f"the value of `{leaked}` came back in the response", shown=True)
            continue
        given = declared(view, route)
        if given is None or _says_nothing(given):
            secrets = _in_returned(view, route, as_is=given is None or _is_response(given))
        else:
            secrets = _in_type(view, given, route)
        first = next(secrets, None) or next(_in_envelopes(view, route), None) or next(given_away(view, route), None)
        if first is not None:
            yield on(route, f"`{first}` goes out in the response")


def _in_envelopes(view: View, route: Route) -> Iterator[str]:
    """Yield the secrets of rows that are put into a field that takes anything: `Answer(data=user)`, `data: Any`.

    Pydantic writes out all columns of a table of SQLModel there; it knows nothing of those of SQLAlchemy.
    """
    function = route.function
    for node in function.returned if function is not None else ():
        if function is None or not isinstance(node, ast.Call):
            continue
        scope = view.scope(function)
        made = view.value(node.func, scope)
        fields = view.fields.columns(made) if isinstance(made, Class) and view.fields.is_schema(made) else {}
        for one in node.keywords:
            field = fields.get(one.arg or "")
            table = _table(view, one.value, scope) if field is not None and _takes_anything(field, route) else None
            for column in view.fields.columns(table).values() if table is not None else ():
                if table is not None and _is_told(column, route):
                    yield f"{table.name}.{column.name}"


def _takes_anything(field: Field, route: Route) -> bool:
    """Tell a field of any type: `Any`, or the parameter of a generic schema to which nothing is given."""
    if re.match(r"(Optional\[)?(Any|object)\b", field.written_type):
        return True
    made = (
        called(one)
        for name in re.findall(r"\w+", field.written_type)
        for one in field.owner.module.values.get(name, ())
    )
    declared = route.option("response_model") or (route.function.node.returns if route.function else None)
    return "TypeVar" in made and not isinstance(declared, ast.Subscript)


def _table(view: View, node: ast.expr, scope: Scope) -> Class | None:
    """Return the table of SQLModel of which an object, or the items of a list, are rows."""
    value = view.value(node, scope)
    found = project(value.item or value) if isinstance(value, Instance) else None
    if found is None or not view.fields.is_model(found):
        return None
    return found if view.evaluator.classes.inherits(found, lambda path: path.startswith("sqlmodel.")) else None


def _says_nothing(value: Value) -> bool:
    """Tell a type under which anything goes out as it is: `dict`, `list[dict]`, a response that is made by hand."""
    if not isinstance(value, Instance) or not isinstance(value.of, External):
        return False
    last = value.of.last
    if last in _LISTS and value.item is not None:
        return _says_nothing(value.item)
    return last in _LOOSE or last in _LISTS or last.endswith("Response")


def _is_response(value: Value) -> bool:
    """Tell `-> Response`: of that FastAPI makes no model, and what is returned instead goes out as it is."""
    return isinstance(value, Instance) and isinstance(value.of, External) and value.of.last.endswith("Response")


def _in_type(view: View, value: Value | None, route: Route, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the secrets in a type, as `Schema.field`."""
    if not isinstance(value, Instance) or depth == 0:
        return
    for item in value.items:
        yield from _in_type(view, item, route, depth - 1)
    if not isinstance(value.of, Class) or not (view.fields.is_schema(value) or view.fields.is_model(value)):
        return
    left_out = _names(view, route, "response_model_exclude")
    for name, field in view.fields.columns(value.of).items():
        if _is_told(field, route) and name not in left_out:
            yield f"{value.of.name}.{name}"
        elif field.annotation is not None and not view.fields.is_model(value):
            inner = view.evaluator.types.annotated(field.annotation, view.scope(field.owner.module))
            if inner is not None and project(inner) is not value.of:
                yield from _in_type(view, inner, route, depth - 1)


def _is_told(field: Field, route: Route) -> bool:
    """Tell a field that is a secret and goes out."""
    excluded = getattr(field.option("exclude"), "value", False) is True
    return not excluded and _is_secret(field.name, field.written_type, route)


def _is_secret(name: str, written_type: str, route: Route) -> bool:
    """Tell a secret by its name and type; a key that was just made may be shown to whoever made it."""
    if not is_secret(name) or any(word in written_type for word in _HARMLESS):
        return False
    if route.method == "POST" and _FRESH & set(words(name)):
        return False
    return is_password(name) or "hash" in name or route.method != "POST"


def _names(view: View, route: Route, option: str) -> set[str]:
    node = route.option(option)
    if isinstance(node, ast.Dict):
        return {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
    return set(view.constants.texts(node, view.scope(route.function))) if route.function else set()


def _in_returned(view: View, route: Route, *, as_is: bool) -> Iterator[str]:
    """Yield the secrets of rows in what is returned, as `Model.column`."""
    function = route.function
    shown = Shown(view, as_is=as_is)
    for node in function.returned if function is not None else ():
        for one in shown.of(node, view.scope(function)) if function is not None else ():
            if not one.is_excluded and _is_secret(one.name, one.written_type, route):
                yield f"{one.owner}.{one.name}"
