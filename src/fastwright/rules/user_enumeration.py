"""A sign-in or reset that tells who has an account.

## What it does
Finds a sign-in that refuses an unknown user in another way than a wrong password, and a request for a password reset
that refuses an address that it does not know.

## Why it hurts
It turns a list of addresses into a list of customers, which is worth money, and tells an attacker which passwords are
worth trying.

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


class SignIn(BaseModel):
    email: str
    password: str


@app.post("/login", dependencies=[Depends(limit_by_address)])
def login(body: SignIn, session: Session = Depends(get_session)) -> Token:
    user = session.scalar(select(User).where(User.email == body.email))
    if user is None:
        raise HTTPException(404, "there is no such user")  # <- found
    if not hasher.verify(body.password, user.password_hash):
        raise HTTPException(401, "wrong password")
    return Token(access_token=make_token(user.id))
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


class SignIn(BaseModel):
    email: str
    password: str


@app.post("/login", dependencies=[Depends(limit_by_address)])
def login(body: SignIn, session: Session = Depends(get_session)) -> Token:
    user = session.scalar(select(User).where(User.email == body.email))
    if not hasher.verify(body.password, user.password_hash if user else DECOY) or user is None:
        raise HTTPException(401, "wrong email or password")
    return Token(access_token=make_token(user.id))
```

## Known limits
How long an answer takes tells it, too, and is not measured. A sign-up that says that an address is taken is left
alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.rules._accounts import is_known, is_login, names_in, takes_token
from fastwright.rules._engine.facts import Around
from fastwright.rules._rule import Class, Found, Instance, Reached, Route, Rule, View, at
from fastwright.rules._words import is_password, words

RULE = Rule("access", "medium", ("ASVS 5.0.0 6.3.8", "API2:2023", "CWE-204"))
_FORGOTTEN = re.compile(r"forgot|recover|reset|magic|resend")
_PEOPLE = frozenset(
    {"user", "account", "customer", "member", "person", "player", "employee", "author", "student", "admin"}
)
_CHECKS = frozenset({"verify", "check", "checkpw", "compare", "authenticate", "match"})


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.method != "POST" or is_known(view, route):
            continue
        if is_login(view, route):
            yield from _sign_in(view, route)
        elif _FORGOTTEN.search(route.path.lower()) and not takes_token(view, route):
            yield from _forgotten(view, route)


def _sign_in(view: View, route: Route) -> Iterator[Found]:
    """Yield where an unknown user is refused, if a wrong password is refused in other words."""
    unknown: list[tuple[Reached, ast.expr | None, ast.AST]] = []
    wrong: list[str] = []
    for reached in view.reached(route, "endpoint"):
        for node, refused, around in _refusals(view, reached):
            tests = [test for test, _holds in around.branches[-1:]]
            if any(_is_check(test) for test in tests):
                wrong.append(_words_of(view, reached, refused))
            elif any(_is_missing(view, test, reached) for test in tests) and not _is_by_proof(reached, tests[0]):
                unknown.append((reached, refused, node))
    for reached, refused, node in unknown:
        if wrong and _words_of(view, reached, refused) not in wrong:
            message = "an unknown user is refused in other words than a wrong password"
            yield at(reached.function, node, message, route=route)


def _refusals(view: View, reached: Reached) -> Iterator[tuple[ast.AST, ast.expr | None, Around]]:
    """Yield what is raised, and answers with the status of an error: where, what, and what stands around it."""
    for node, around in reached.function.facts.raises:
        yield node, node.exc, around
    for site in reached.function.calls:
        if site.name.endswith("Response"):
            given = next((one.value for one in site.node.keywords if one.arg == "status_code"), None)
            given = given or (site.node.args[1] if len(site.node.args) > 1 else None)
            if (view.constants.status(given, reached.scope) or 0) >= 400:
                yield site.node, site.node, site.around


def _is_by_proof(reached: Reached, test: ast.expr) -> bool:
    """Tell somebody who was found by a password or a token, and not by a name alone: both were wrong, or neither."""
    if {"refresh", "update", "save", "delete"} & set(words(reached.function.name)):
        return True
    names = {one.id for one in ast.walk(test) if isinstance(one, ast.Name)}
    bindings = (one for name in names for one in reached.function.facts.bindings.get(name, ()))
    calls = [one.value.value if isinstance(one.value, ast.Await) else one.value for one in bindings]
    given = [name for call in calls if isinstance(call, ast.Call) for name in names_in(call)]
    return any(is_password(name) or {"token", "claims"} & set(words(name)) for name in given)


def _forgotten(view: View, route: Route) -> Iterator[Found]:
    for reached in view.reached(route, "endpoint"):
        for node, _refused, around in _refusals(view, reached):
            if any(_is_missing(view, test, reached) for test, _holds in around.branches[-1:]):
                yield at(reached.function, node, "this tells that there is no account with that address", route=route)
    for reached in view.reached(route, "endpoint")[:1]:
        yield from _answered(view, route, reached)


def _answered(view: View, route: Route, reached: Reached) -> Iterator[Found]:
    """Yield `return {"sent": False}` where nobody was found, if others are told something else."""
    returned = [node for node in reached.function.nodes(ast.Return) if node.value is not None]
    texts = {ast.unparse(node) for node in returned}
    for branch in reached.function.nodes(ast.If):
        first = branch.body[-1]
        if isinstance(first, ast.Return) and first.value is not None and len(texts) > 1:
            said = [node for node in returned if node is not first and ast.unparse(node) == ast.unparse(first)]
            if not said and _is_missing(view, branch.test, reached):
                yield at(reached.function, first, "this tells that there is no account with that address", route=route)


def _is_missing(view: View, test: ast.expr, reached: Reached) -> bool:
    """Tell `not user` and `user is None`, also beside `or not user.is_active`."""
    parts = test.values if isinstance(test, ast.BoolOp) else [test]
    for part in parts:
        tested: ast.expr | None = None
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            tested = part.operand
        elif (
            isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Is | ast.Eq) and _is_none(part.comparators[0])
        ):
            tested = part.left
        if isinstance(tested, ast.NamedExpr):
            tested = tested.target
        is_item = isinstance(tested, ast.Subscript) and not isinstance(getattr(tested.slice, "value", None), str)
        if tested is not None and (isinstance(tested, ast.Name) or is_item) and _is_person(view, tested, reached):
            return True
    return False


def _is_person(view: View, node: ast.expr, reached: Reached) -> bool:
    value = view.value(node, reached.scope)
    if isinstance(value, Instance) and isinstance(value.of, Class) and view.fields.is_model(value):
        columns = view.fields.columns(value.of)
        return any(is_password(name) for name in columns) or bool(set(words(value.of.name)) & _PEOPLE)
    return any(words(name)[-1:] and words(name)[-1] in _PEOPLE for name in names_in(node))


def _is_check(test: ast.expr) -> bool:
    """Tell a test that looks at the password."""
    called = (node for node in ast.walk(test) if isinstance(node, ast.Call))
    checks = any(set(words(name)) & _CHECKS for node in called for name in names_in(node.func))
    return checks or any(is_password(name) for name in names_in(test))


def _words_of(view: View, reached: Reached, raised: ast.expr | None) -> str:
    """Return what is raised, as status and text where these are known."""
    if isinstance(raised, ast.Name):
        written = view.constants.written(raised, reached.scope)
        raised = written[0] if written else raised
    if not isinstance(raised, ast.Call):
        return ast.unparse(raised) if raised is not None else ""
    options = {one.arg: one.value for one in raised.keywords}
    given = dict(enumerate(raised.args))
    status = view.constants.status(options.get("status_code", given.get(0)), reached.scope)
    detail = view.constants.of(options.get("detail", given.get(1)), reached.scope)
    return f"{ast.unparse(raised.func)} {status} {detail}" if status else ast.unparse(raised)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
