"""A reset of a password that works twice.

## What it does
Finds an endpoint that sets a new password for whoever has a token, and leaves the token as good as it was: nothing is
deleted or marked, and the token is not bound to the old password. A one-time code that is checked, kept and good for
ever is found, too.

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
import re
from collections.abc import Iterator

from fastwright.project.source import arguments, last_name
from fastwright.rules._accounts import instance_model, is_known, names_in, password_columns, sql_text, takes_token
from fastwright.rules._codes import taken
from fastwright.rules._rule import Class, Found, Function, Instance, Reached, Rule, View, on, project_class
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
# What says until when, or since when, something is good.
_TIMES = frozenset({"expires", "expiry", "expired", "expire", "expiration", "created", "issued", "sent"})
_OF_TOKENS = _SPENT | {"reset", "resets", "recovery", "forgot", "link", "links", "verification"}
_MAKES = frozenset({"model_validate", "from_orm", "parse_obj", "model_construct"})
_REMOVES = frozenset(
    {"delete", "pop", "getdel", "remove", "unlink", "revoke", "invalidate", "consume", "expire", "discard"}
)


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.function is None or route.method == "GET" or is_known(view, route) or not takes_token(view, route):
            continue
        reached = view.reached(route, "endpoint")
        is_code = any(taken(view, route)) and not any(_expires(one.function) for one in reached)
        is_used = is_code or any(_sets_password(view, one) for one in reached)
        if is_used and not any(_spends(view, one) for one in reached):
            yield on(route, f"the {'code' if is_code else 'token'} that is used here stays valid")


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
                    return model is not None or not (isinstance(target.value, ast.Name) and target.value.id == "self")
    for node in reached.function.nodes(ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(node.ctx, ast.Store) and isinstance(key, str) and is_password(key):
            return True
    return any(_sets_by_call(view, site.node, reached) for site in reached.function.calls)


def _sets_by_call(view: View, node: ast.Call, reached: Reached) -> bool:
    """Tell `update(User).values(password_hash=…)`, `setattr(user, "password", …)`, and SQL that does so."""
    name = last_name(node.func)
    if name == "setattr" and len(node.args) == 3 and isinstance(node.args[1], ast.Constant):
        return is_password(str(node.args[1].value))
    if name == "values" or "update" in words(name):
        keys = [one for given in node.args for one in (given.keys if isinstance(given, ast.Dict) else ())]
        named = [one.arg or "" for one in node.keywords] + [last_name(one) or _text(one) for one in keys if one]
        return any(is_password(one) for one in named)
    text = sql_text(view, node, reached.scope)
    changed = re.match(r"\s*update\s.*?\sset\s(.*?)(\swhere\s|$)", text, re.IGNORECASE | re.DOTALL)
    return changed is not None and any(is_password(one) for one in re.findall(r"\w+", changed[1]))


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _is_of_password(view: View, node: ast.expr, reached: Reached) -> bool:
    """Tell what was made of a password that was sent: `hasher.hash(body.password)`."""
    origins = view.origins.of(node, reached.scope)
    return any(is_plain_password(one.name) for origin in origins for one in (origin, *origin.parents))


def _is_new(view: View, node: ast.expr, reached: Reached) -> bool:
    """Tell a row that is made here: the password of a new account is not reset."""
    me = reached.scope.me
    if isinstance(node, ast.Name) and node.id == "self" and isinstance(me, Instance) and me.made is not None:
        return isinstance(view.value(me.made[0].func, me.made[1]), Class)
    facts = reached.function.facts
    set_to = [one.value for one in facts.bindings.get(node.id, ())] if isinstance(node, ast.Name) else [node]
    made = [one for one in set_to if isinstance(one, ast.Call)]
    return any(last_name(one.func) in _MAKES or isinstance(view.value(one.func, reached.scope), Class) for one in made)


def _spends(view: View, reached: Reached) -> bool:
    """Tell whether something is done to the token: it is removed, marked, or bound to the old password."""
    function = reached.function
    targets = [one for node in function.nodes(ast.Assign) for one in node.targets]
    targets += [node.target for node in function.nodes(ast.AugAssign)]
    for target in targets:
        if isinstance(target, ast.Attribute) and set(words(target.attr)) & _SPENT and not is_password(target.attr):
            return True
    deleted = (one for node in function.nodes(ast.Delete) for one in node.targets if _names_token(one))
    if any(not _is_of_request(view, one, reached) for one in deleted):
        return True
    if any(is_hash(name) for node in function.nodes(ast.If) for name in names_in(node.test)):
        return True  # it is bound to the old password
    for site in function.calls:
        if _removes(view, site.node, reached) or _marks(view, site.node, reached):
            return True
    return _compares_time(function)


def _removes(view: View, node: ast.Call, reached: Reached) -> bool:
    """Tell a removal, unless it is known to be of something else, such as the sessions of the user."""
    name = last_name(node.func)
    if not set(words(name)) & _REMOVES or "cookie" in name:
        return False
    given = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
    models = [model for one in given if (model := project_class(view.value(one, reached.scope))) is not None]
    models = [one for one in models if view.fields.is_model(one)]
    if models:
        named = [name for one in models for name in (one.name, *view.fields.columns(one))]
        return any(set(words(one)) & _OF_TOKENS for one in named)
    texts = [one for given in node.args for one in ast.walk(given) if isinstance(_value(one), str)]
    return not texts or any(_names_token(one) for one in node.args)


def _value(node: ast.AST) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _names_token(node: ast.expr) -> bool:
    return bool(set(words(ast.unparse(node))) & _OF_TOKENS)


def _marks(view: View, node: ast.Call, reached: Reached) -> bool:
    """Tell what writes that a token was used, or reads it with the old password as a part of the key."""
    last = last_name(node.func)
    if last in ("values", "update") and any(one.arg and set(words(one.arg)) & _SPENT for one in node.keywords):
        return True
    text = sql_text(view, node, reached.scope)
    if re.match(r"\s*(update|delete)\s", text, re.IGNORECASE) and set(words(text)) & _OF_TOKENS:
        return True
    given = arguments(node)
    is_read = last in ("decode", "loads", "verify", "check_token", "compare_digest")
    return is_read and any(is_hash(name) for one in given for name in names_in(one))


def _is_of_request(view: View, node: ast.expr, reached: Reached) -> bool:
    """Tell a key of what was sent, which is taken out before the rest is kept."""
    inner = node.value if isinstance(node, ast.Subscript) else node
    bindings = reached.function.facts.bindings.get(last_name(inner), ())
    if any(last_name(one.value.func) in ("dict", "model_dump") for one in bindings if isinstance(one.value, ast.Call)):
        return True
    roots = [root for one in view.origins.of(inner, reached.scope) for root in one.roots]
    return any(one.kind == "parameter" for one in roots)


def _expires(function: Function) -> bool:
    """Tell whether a code is held against the time until which it is good."""
    named = (name for node in function.nodes(ast.Compare) for name in names_in(node))
    return any(_TIMES & set(words(name)) for name in named)


def _compares_time(function: Function) -> bool:
    """Tell whether the token is held against when the password was last changed."""
    compared = function.nodes(ast.Compare)
    return any({"changed", "iat", "fingerprint"} & set(words(name)) for node in compared for name in names_in(node))
