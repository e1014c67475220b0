"""A reset of a password that works twice.

## What it does
Finds an endpoint that sets a new password for whoever has a token, and leaves the token as good as it was: nothing is
deleted or marked, and the token is not bound to the old password.

## Why it hurts
The link stays in a mailbox, a browser history and the logs of proxies. Whoever finds it within its time takes the
account over, even after its owner has used it.

## Bad
```python
from fastapi import Depends, FastAPI, HTTPException
from pwdlib import PasswordHash
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.auth import make_token, read_token
from shop.database import get_session
from shop.limits import limit_by_address

app = FastAPI()
hasher = PasswordHash.recommended()
DECOY = hasher.hash("decoy")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    reset_token: Mapped[str | None]


class Token(BaseModel):
    access_token: str


class Reset(BaseModel):
    token: str
    password: str


@app.post("/reset-password", status_code=204)
def reset_password(body: Reset, session: Session = Depends(get_session)) -> None:  # <- found
    user = session.get(User, read_token(body.token))
    user.password_hash = hasher.hash(body.password)
    session.commit()
```

## Good
```python
from fastapi import Depends, FastAPI, HTTPException
from pwdlib import PasswordHash
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shop.auth import make_token, read_token
from shop.database import get_session
from shop.limits import limit_by_address

app = FastAPI()
hasher = PasswordHash.recommended()
DECOY = hasher.hash("decoy")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    reset_token: Mapped[str | None]


class Token(BaseModel):
    access_token: str


class Reset(BaseModel):
    token: str
    password: str


@app.post("/reset-password", status_code=204)
def reset_password(body: Reset, session: Session = Depends(get_session)) -> None:
    user = session.scalar(select(User).where(User.reset_token == body.token))
    user.password_hash = hasher.hash(body.password)
    user.reset_token = None
    session.commit()
```

## Known limits
A token that is bound to the old password inside of a function that cannot be followed is reported: allow it there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._accounts import instance_model, is_known, names_in, password_columns, takes_token
from fastwright.rules._rule import Class, Found, Function, Reached, Rule, View, on
from fastwright.rules._words import is_hash, is_password, is_plain_password, words

RULE = Rule("access", "high", ("ASVS 5.0.0 6.4.2", "API2:2023", "CWE-640"))
_SPENT = frozenset(
    {
        "token",
        "tokens",
        "used",
        "consumed",
        "redeemed",
        "revoked",
        "code",
        "otp",
        "nonce",
        "expires",
        "expired",
        "spent",
    }
    | {"invalidated", "version", "stamp", "jti", "ticket", "generation"}
)
_MAKES = frozenset({"model_validate", "from_orm", "parse_obj", "model_construct"})
_REMOVES = frozenset(
    {"delete", "pop", "getdel", "remove", "unlink", "revoke", "invalidate", "consume", "expire", "discard"}
)


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.function is None or route.method == "GET" or is_known(view, route) or not takes_token(view, route):
            continue
        reached = view.reached(route, "endpoint")
        if any(_sets_password(view, one) for one in reached) and not any(_spends(one) for one in reached):
            yield on(route, "the token that is used here stays valid")


def _sets_password(view: View, reached: Reached) -> bool:
    for node in reached.function.nodes(ast.Assign):
        for target in node.targets:
            is_hash_of_it = (
                isinstance(target, ast.Attribute)
                and is_hash(target.attr)
                and _is_of_password(view, node.value, reached)
            )
            if isinstance(target, ast.Attribute) and (is_password(target.attr) or is_hash_of_it):
                model = instance_model(view, target.value, reached.function)
                is_kept = model is None or is_hash_of_it or target.attr in password_columns(view, model)
                if is_kept and not _is_new(view, target.value, reached):
                    return not (isinstance(target.value, ast.Name) and target.value.id == "self")
    for node in reached.function.nodes(ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(node.ctx, ast.Store) and isinstance(key, str) and is_password(key):
            return True
    for site in reached.function.calls:
        func = site.node.func
        sets = isinstance(func, ast.Attribute) and func.attr == "values"
        if sets and any(one.arg and is_password(one.arg) for one in site.node.keywords):
            return True
    return False


def _is_of_password(view: View, node: ast.expr, reached: Reached) -> bool:
    """Tell what was made of a password that was sent: `hasher.hash(body.password)`."""
    origins = view.origins.of(node, reached.scope)
    return any(is_plain_password(one.name) for origin in origins for one in (origin, *origin.parents))


def _is_new(view: View, node: ast.expr, reached: Reached) -> bool:
    """Tell a row that is made here: the password of a new account is not reset."""
    facts = reached.function.facts
    set_to = [one.value for one in facts.bindings.get(node.id, ())] if isinstance(node, ast.Name) else [node]
    made = [one for one in set_to if isinstance(one, ast.Call)]
    return any(last_name(one.func) in _MAKES or isinstance(view.value(one.func, reached.scope), Class) for one in made)


def _spends(reached: Reached) -> bool:
    """Tell whether something is done to the token: it is removed, marked, or bound to the old password."""
    function = reached.function
    for node in function.nodes(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and set(words(target.attr)) & _SPENT and not is_password(target.attr):
                return True
    for node in function.nodes(ast.AugAssign):
        if isinstance(node.target, ast.Attribute) and set(words(node.target.attr)) & _SPENT:
            return True
    for site in function.calls:
        func = site.node.func
        last = last_name(func)
        if set(words(last)) & _REMOVES:
            return True
        if any(one.arg and set(words(one.arg)) & _SPENT and last in ("values", "update") for one in site.node.keywords):
            return True
        given = [*site.node.args, *(one.value for one in site.node.keywords)]
        is_read = last in ("decode", "loads", "verify", "check_token", "compare_digest")
        if is_read and any(is_hash(name) for one in given for name in names_in(one)):
            return True
    return _compares_time(function)


def _compares_time(function: Function) -> bool:
    """Tell whether the token is held against when the password was last changed."""
    compared = function.nodes(ast.Compare)
    return any({"changed", "iat", "fingerprint"} & set(words(name)) for node in compared for name in names_in(node))
