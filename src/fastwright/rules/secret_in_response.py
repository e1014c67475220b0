"""A secret that goes out in a response.

## What it does
Finds a response with a password, a hash of one, or another secret in it: as a field of the response model, at any
depth, or as a column of a model that is returned without a response model. With `check --rows` every GET of a copy is
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

from fastwright.project.source import called, last_name
from fastwright.rules._rule import Class, Field, Found, Instance, Route, Rule, Scope, Value, View, on
from fastwright.rules._words import is_password, is_secret, words

RULE = Rule("contract", "high", ("ASVS 5.0.0 15.3.1", "API3:2023", "CWE-200"))
_HARMLESS = ("bool", "datetime", "SecretStr", "SecretBytes", "timedelta", "Secret[")
# What was made by this request, and is shown once.
_FRESH = frozenset({"new", "temporary", "temp", "generated", "initial"})
_DEPTH = 5


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.function is None or route.endpoint.kind != "operation":
            continue
        leaked = view.observed.leaked.get((route.method, route.path))
        if leaked is not None:
            yield on(route, f"the value of `{leaked}` came back in the response", shown=True)
            continue
        declared = _declared(view, route)
        secrets = _in_type(view, declared, route) if declared is not None else _in_returned(view, route)
        first = next(secrets, None) or next(_in_envelopes(view, route), None)
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
            for column in _own_columns(view, table) if table is not None else ():
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


def _declared(view: View, route: Route) -> Value | None:
    """Return the type of the response, if it is declared."""
    function = route.function
    if function is None:
        return None
    scope = view.scope(function)
    given = route.option("response_model")
    if given is not None and not (isinstance(given, ast.Constant) and given.value is None):
        return view.evaluator.types.annotated(given, scope)
    return view.evaluator.types.annotated(function.node.returns, scope) if given is None else None


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


def project(value: Value) -> Class | None:
    """Return the class of an object of the project."""
    return value.of if isinstance(value, Instance) and isinstance(value.of, Class) else None


def _is_told(field: Field, route: Route) -> bool:
    """Tell a field that is a secret and goes out; a key that was just made may be shown to whoever made it."""
    if not is_secret(field.name) or any(word in field.written_type for word in _HARMLESS):
        return False
    excluded = getattr(field.option("exclude"), "value", False) is True
    if route.method == "POST" and _FRESH & set(words(field.name)):
        return False
    return not excluded and (is_password(field.name) or "hash" in field.name or route.method != "POST")


def _names(view: View, route: Route, option: str) -> set[str]:
    node = route.option(option)
    if isinstance(node, ast.Dict):
        return {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
    return set(view.constants.texts(node, view.scope(route.function))) if route.function else set()


def _in_returned(view: View, route: Route) -> Iterator[str]:
    function = route.function
    if function is not None:
        for node in function.returned:
            yield from _in_value(view, node, view.scope(function), route, _DEPTH)


def _in_value(view: View, node: ast.expr, scope: Scope, route: Route, depth: int) -> Iterator[str]:
    """Yield the secrets of a value that is returned as it is."""
    if isinstance(node, ast.Dict):
        yield from _in_dict(view, node, scope, route, depth)
        return
    for inner in _shown(view, node, scope):
        value = _last_value(view, inner, scope)
        value = value.item if isinstance(value, Instance) and value.items else value
        if isinstance(value, Instance) and isinstance(value.of, Class) and view.fields.is_model(value):
            yield from (
                f"{value.of.name}.{field.name}" for field in _own_columns(view, value.of) if _is_told(field, route)
            )
    if isinstance(node, ast.Name) and scope.function is not None:
        for binding in scope.function.facts.bindings.get(node.id, ()):
            if isinstance(binding.value, ast.Dict) and depth:
                yield from _in_dict(view, binding.value, scope, route, depth - 1)


def _last_value(view: View, node: ast.expr, scope: Scope) -> Value | None:
    """Return what is shown; of a variable that is set more than once, what it was set to last, if that is known."""
    bindings = scope.function.facts.bindings.get(node.id, ()) if scope.function and isinstance(node, ast.Name) else ()
    last = bindings[-1] if len(bindings) > 1 else None
    value = view.value(last.value, scope) if last is not None and last.kind == "value" else None
    return value if value is not None else view.value(node, scope)


def _in_dict(view: View, node: ast.Dict, scope: Scope, route: Route, depth: int) -> Iterator[str]:
    for key, value in zip(node.keys, node.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else ""
        if isinstance(name, str) and is_secret(name) and _is_column(view, value, scope):
            yield name
        elif key is not None and depth:
            yield from _in_value(view, value, scope, route, depth - 1)


def _shown(view: View, node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """Yield what is shown as it is: the value itself, or what `vars`, `model_dump` or a response is made of."""
    if isinstance(node, ast.Call):
        path = view.library(node, scope)
        func = node.func
        last = last_name(func)
        if last in ("vars", "jsonable_encoder", "dict", "list") or path.endswith("JSONResponse"):
            yield from node.args[:1]
            yield from (one.value for one in node.keywords if one.arg == "content")
        if last in ("model_dump", "dict", "to_dict") and isinstance(func, ast.Attribute):
            excluded = any(one.arg in ("exclude", "include") for one in node.keywords)
            yield from [] if excluded else [func.value]
            return
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        yield node.value
        return
    yield node


def _own_columns(view: View, model: Class) -> list[Field]:
    return list(view.fields.columns(model).values())


def _is_column(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a value that is read from a row, and not a text or a new key."""
    if not isinstance(node, ast.Attribute):
        return False
    owner = view.value(node.value, scope)
    return isinstance(owner, Instance) and view.fields.is_model(owner)
