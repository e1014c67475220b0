"""A password that is kept as it was typed.

## What it does
Finds a model whose password column is set to what the caller sent, one by one or with all other fields at once, and a
kept password that is compared with `==`.

## Why it hurts
Whoever sees the table, a backup or a log of statements has everybody's password, and tries it on other sites, too.

## Bad
```python
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.database import get_session

app = FastAPI()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password: Mapped[str]


class SignUp(BaseModel):
    email: str
    password: str


@app.post("/users", status_code=201)
def sign_up(body: SignUp, session: Session = Depends(get_session)) -> None:
    session.add(User(email=body.email, password=body.password))  # <- found
    session.commit()
```

## Good
```python
from fastapi import Depends, FastAPI
from pwdlib import PasswordHash
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.database import get_session

app = FastAPI()
hasher = PasswordHash.recommended()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password: Mapped[str]


class SignUp(BaseModel):
    email: str
    password: str


@app.post("/users", status_code=201)
def sign_up(body: SignUp, session: Session = Depends(get_session)) -> None:
    session.add(User(email=body.email, password=hasher.hash(body.password)))
    session.commit()
```

## Known limits
A column is told to be a password by its name. What a function outside of the project makes of it is taken to be a hash.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.rules._accounts import compared_passwords, instance_model, names_in, password_columns
from fastwright.rules._rule import Called, Class, Found, Reached, Route, Rule, Scope, View, at, project_class
from fastwright.rules._words import is_hash, is_plain_password, words

RULE = Rule("access", "high", ("ASVS 5.0.0 11.4.2", "API2:2023", "CWE-256"))
_HASHING = frozenset({"hash", "hashpw", "hmac", "digest", "hexdigest", "hex", "crypt", "encrypt"})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        for call in view.calls(route):
            yield from _constructed(view, route, call)
            yield from _copied(view, route, call)
        for reached in view.reached(route):
            yield from _assigned(view, route, reached)
            yield from _compared(view, route, reached)


def _constructed(view: View, route: Route, call: Called) -> Iterator[Found]:
    model = view.statements.changed(call) if call.name == "values" else call.value
    if not isinstance(model, Class) or not view.fields.is_model(model):
        return
    columns = password_columns(view, model)
    for name, value, scope in view.keywords(call):
        if name in columns and _is_plain(view, value, scope) and not _is_hashed(view, route, model, name):
            where = (call.within.function, value) if scope is call.scope else (call.within.function, call.node)
            yield at(*where, f"`{model.name}.{name}` is kept as it was typed", route=route)


def _copied(view: View, route: Route, call: Called) -> Iterator[Found]:
    for copy in view.copies.of(call):
        names = password_columns(view, copy.model) & copy.copied.names
        schema = copy.copied.schema
        for name in sorted(names) if schema is not None else ():
            if not is_plain_password(name) or schema is None or _hashes(schema):
                continue
            if not _is_hashed(view, route, copy.model, name):
                message = f"`{copy.model.name}.{name}` is kept as it was typed"
                yield at(call.within.function, call.node, message, route=route)


def _assigned(view: View, route: Route, reached: Reached) -> Iterator[Found]:
    for node in reached.function.nodes(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and not _is_self(target):
                model = instance_model(view, target.value, reached.function)
                if model is None or target.attr not in password_columns(view, model) or _hashes(model):
                    continue
                if _is_plain(view, node.value, reached.scope):
                    message = f"`{model.name}.{target.attr}` is kept as it was typed"
                    yield at(reached.function, node, message, route=route)


def _compared(view: View, route: Route, reached: Reached) -> Iterator[Found]:
    for node in compared_passwords(reached.function):
        sides = (node.left, *node.comparators)
        if any(_is_made(view, side, reached.scope) for side in sides):
            continue
        for side in sides:
            model = instance_model(view, side.value, reached.function) if isinstance(side, ast.Attribute) else None
            if model is not None and isinstance(side, ast.Attribute) and side.attr in password_columns(view, model):
                message = f"`{model.name}.{side.attr}` is compared as it was typed, so it is kept so"
                yield at(reached.function, node, message, route=route)


def _is_plain(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a value that a caller sent as a password, and nothing was made of it."""
    return any(
        one.kind in ("parameter", "field") and is_plain_password(one.name) and not view.fields.is_model(one.owner)
        for one in view.origins.of(node, scope)
    )


def _is_made(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a hash that was made just now: a variable that is named so, or what came out of a call that makes one."""
    if any(is_hash(name) for name in names_in(node)) and not isinstance(node, ast.Attribute):
        return True
    return any(one.kind == "call" and set(words(one.name)) & _HASHING for one in view.origins.of(node, scope))


def _is_hashed(view: View, route: Route, model: Class, name: str) -> bool:
    """Tell a column that is hashed by its model, or set again to what a function made: `user.password = hashed`."""
    return _hashes(model) or any(
        isinstance(target, ast.Attribute)
        and target.attr == name
        and not _is_plain(view, node.value, reached.scope)
        and project_class(view.value(target.value, reached.scope)) is model
        for reached in view.reached(route, "endpoint")
        for node in reached.function.nodes(ast.Assign)
        for target in node.targets
    )


def _hashes(owner: Class) -> bool:
    """Tell a class that makes a hash of its own fields, in a validator or a setter."""
    return any(
        "hash" in ast.unparse(method.node).lower() for method in owner.methods.values() if method.node.decorator_list
    )


def _is_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"
