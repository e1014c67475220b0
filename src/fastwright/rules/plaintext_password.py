"""A password that is kept as it was typed.

## What it does
Finds a model whose password column is set to what the caller sent, one by one or with all other fields at once, and a
kept password that is compared with `==` or asked for in a query. A PIN, a passcode and an access code are passwords,
too, and `b64encode` hides nothing. In a text of SQL, a document and a dictionary of the app the same holds.

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
import re
from collections.abc import Iterator

from fastwright.rules._accounts import compared_passwords, instance_model, names_in, password_columns, sql_text
from fastwright.rules._chosen import source
from fastwright.rules._engine.statements import SENDING
from fastwright.rules._engine.variables import variable
from fastwright.rules._rule import Called, Class, Found, Reached, Route, Rule, Scope, View, at
from fastwright.rules._stored import stored
from fastwright.rules._typed import hashes, is_hashed, is_kept_plain, is_plain
from fastwright.rules._words import is_hash, is_password, is_plain_password, words

RULE = Rule("access", "high", ("ASVS 5.0.0 11.4.2", "API2:2023", "CWE-256"))
_STORES = frozenset({"insert_one", "insert_many", "update_one", "find_one", "find_one_and_update", "insert"})
_LOOKED_AT = SENDING | _STORES | {"filter_by"}
_HASHING = frozenset({"hash", "hashpw", "hmac", "digest", "hexdigest", "hex", "crypt", "encrypt"})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        for call in view.calls(route):
            yield from _constructed(view, route, call)
            yield from _copied(view, route, call)
            yield from _stored(view, route, call)
            yield from _handed(view, route, call)
        for reached in view.reached(route):
            yield from _assigned(view, route, reached)
            yield from _compared(view, route, reached)


def _constructed(view: View, route: Route, call: Called) -> Iterator[Found]:
    model = view.statements.changed(call) if call.name == "values" else call.value
    if not isinstance(model, Class) or not view.fields.is_model(model):
        return
    columns = password_columns(view, model)
    for name, value, scope in view.keywords(call):
        if name in columns and is_kept_plain(view, route, value, scope) and not is_hashed(view, route, model, name):
            where = (call.within.function, value) if scope is call.scope else (call.within.function, call.node)
            yield at(*where, f"`{model.name}.{name}` is kept as it was typed", route=route)


def _copied(view: View, route: Route, call: Called) -> Iterator[Found]:
    for copy in view.copies.of(call):
        names = password_columns(view, copy.model) & copy.copied.names
        schema = copy.copied.schema
        # A body has what somebody typed in it, even where the field is called after the column: `password_hash`.
        is_sent = any(source(view, route, one) in ("body", "form") for one in copy.copied.origins)
        for name in sorted(names) if schema is not None else ():
            if not (is_sent or is_plain_password(name)) or schema is None or hashes(schema):
                continue
            if not is_hashed(view, route, copy.model, name):
                message = f"`{copy.model.name}.{name}` is kept as it was typed"
                yield at(call.within.function, call.node, message, route=route)


def _stored(view: View, route: Route, call: Called) -> Iterator[Found]:
    """Yield a password that a mapper or a collection is given with the rest of what came."""
    for one in stored(view, call):
        names = sorted(name for name in one.names if is_plain_password(name) and not _is_set(view, route, name))
        if names and (one.schema is None or not hashes(one.schema)):
            yield at(call.within.function, call.node, f"`{one.owner}.{names[0]}` is kept as it was typed", route=route)


def _is_set(view: View, route: Route, name: str) -> bool:
    """Tell whether anything on the way sets a password to what was made of it: `data["password"] = hashed`."""
    for reached in view.reached(route, "endpoint"):
        for node in reached.function.nodes(ast.Assign):
            for target in node.targets:
                key = (
                    target.slice.value
                    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant)
                    else None
                )
                key = target.attr if isinstance(target, ast.Attribute) else key
                if key == name and not is_plain(view, node.value, reached.scope):
                    return True
    return False


def _handed(view: View, route: Route, call: Called) -> Iterator[Found]:
    """Yield a password that goes into a text of SQL, a document, or a `filter_by`, as it was typed."""
    if call.name not in _LOOKED_AT and not any(_may_be_sql(one) for one in call.node.args[:2]):
        return
    if not any(is_plain_password(name) for name in names_in(call.node)):
        return
    given = [value for one in call.node.args for value in _elements(one)]
    if call.name == "filter_by":
        given = [one.value for one in call.node.keywords if one.arg and is_password(one.arg)]
    elif text := sql_text(view, call.node, call.scope):
        if not _is_kept_by(text):
            return
    elif call.name in _STORES:
        given = [one for argument in call.node.args for one in _password_items(argument)]
    else:
        return
    if any(is_plain(view, one, call.scope) for one in given):
        yield at(call.within.function, call.node, "a password is kept as it was typed", route=route)


def _may_be_sql(node: ast.expr) -> bool:
    """Look first whether an argument is a text of some length: few calls have one."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > len("select 1 from a")


def _is_kept_by(text: str) -> bool:
    """Tell SQL that sets or asks for a password, and leaves it as it is."""
    names = re.findall(r"\w+", text)
    return any(is_plain_password(name) or is_hash(name) for name in names) and "crypt" not in text.lower()


def _elements(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Tuple | ast.List):
        return node.elts
    return node.values if isinstance(node, ast.Dict) else [node]


def _password_items(node: ast.expr) -> list[ast.expr]:
    """Return what stands under the name of a password in a dictionary that is written out."""
    pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
    return [value for key, value in pairs if isinstance(key, ast.Constant) and is_password(str(key.value))]


def _assigned(view: View, route: Route, reached: Reached) -> Iterator[Found]:
    for node in reached.function.nodes(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and _is_store(view, target, reached):
                items = _password_items(node.value)
                if any(is_plain(view, one, reached.scope) for one in items):
                    yield at(reached.function, node, "a password is kept as it was typed", route=route)
            if isinstance(target, ast.Attribute) and not _is_self(target):
                model = instance_model(view, target.value, reached.function)
                if model is None or target.attr not in password_columns(view, model) or hashes(model):
                    continue
                if is_kept_plain(view, route, node.value, reached.scope):
                    message = f"`{model.name}.{target.attr}` is kept as it was typed"
                    yield at(reached.function, node, message, route=route)


def _compared(view: View, route: Route, reached: Reached) -> Iterator[Found]:
    for node in compared_passwords(reached.function):
        sides = (node.left, *node.comparators)
        if any(_is_made(view, side, reached.scope) for side in sides):
            continue
        for side, other in (sides, sides[::-1]):
            model = _model_of(view, side, reached)
            if model is None or not isinstance(side, ast.Attribute) or side.attr not in password_columns(view, model):
                continue
            is_asked = isinstance(view.value(side.value, reached.scope), Class)
            if not is_asked or is_plain(view, other, reached.scope):
                message = f"`{model.name}.{side.attr}` is compared as it was typed, so it is kept so"
                yield at(reached.function, node, message, route=route)


def _model_of(view: View, node: ast.expr, reached: Reached) -> Class | None:
    """Return the model of a row of which a column is read, or of a column in a query."""
    if not isinstance(node, ast.Attribute):
        return None
    value = view.value(node.value, reached.scope)
    if isinstance(value, Class):
        return value if view.fields.is_model(value) else None
    return instance_model(view, node.value, reached.function)


def _is_store(view: View, target: ast.Subscript, reached: Reached) -> bool:
    """Tell an item of a variable of a module: a dictionary in which an app keeps its users."""
    found = variable(view.index, target.value, reached.scope)
    is_local = isinstance(target.value, ast.Name) and target.value.id in reached.function.facts.bindings
    return found is not None and not is_local


def _is_made(view: View, node: ast.expr, scope: Scope) -> bool:
    """Tell a hash that was made just now: a variable that is named so, or what came out of a call that makes one."""
    if any(is_hash(name) for name in names_in(node)) and not isinstance(node, ast.Attribute):
        return True
    return any(one.kind == "call" and set(words(one.name)) & _HASHING for one in view.origins.of(node, scope))


def _is_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"
