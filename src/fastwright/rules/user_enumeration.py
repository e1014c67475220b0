"""A sign-in or reset that tells who has an account.

## What it does
Finds a sign-in that refuses an unknown user in another way than a wrong password, and a request for a password reset
that refuses an address that it does not know. A password that is read of somebody who may not have been found is
found as well: who has no account gets an error of the server.

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

from fastwright.project.source import last_name
from fastwright.rules._accounts import is_known, is_login, names_in, takes_token
from fastwright.rules._outcomes import Outcome, absent, atoms, outcomes
from fastwright.rules._panels import sign_ins
from fastwright.rules._persons import CHECKS, PEOPLE, calls_behind, is_by_id, is_by_proof, is_person
from fastwright.rules._rule import Found, Function, Reached, Route, Rule, View, at
from fastwright.rules._unknown import fails_for_unknown
from fastwright.rules._words import is_password, words

RULE = Rule("access", "medium", ("ASVS 5.0.0 6.3.8", "API2:2023", "CWE-204"))
_FORGOTTEN = re.compile(r"forgot|recover|reset|magic|resend")
_STATES = frozenset(
    {"active", "verified", "confirmed", "enabled", "disabled", "blocked", "banned", "inactive", "status"}
)
_NOBODY = re.compile(r"NoResult|NotFound|DoesNotExist|KeyError|StopIteration|IndexError")
_MISMATCH = re.compile(r"Mismatch|Verif|Password|Credential")


def find(view: View) -> Iterator[Found]:
    for route in view.routes:
        if route.method != "POST" or is_known(view, route):
            continue
        if is_login(view, route):
            yield from _sign_in(view, view.reached(route, "endpoint"), route)
        elif _FORGOTTEN.search(route.path.lower()) and not takes_token(view, route):
            yield from _forgotten(view, route)
    for function in sign_ins(view):
        yield from _sign_in(view, view.follow(function), None)


def _sign_in(view: View, way: list[Reached], route: Route | None) -> Iterator[Found]:
    """Yield where an unknown user is refused, if a wrong password is refused in other words."""
    unknown: list[tuple[Reached, Outcome]] = []
    wrong: list[str] = []
    for reached in way:
        for outcome in outcomes(reached.function):
            if not _refuses(view, outcome, reached) or not outcome.tests:
                continue
            if _is_wrong(outcome, reached.function):
                wrong.append(_words_of(view, reached, outcome.value))
            elif _is_unknown(view, outcome, reached):
                unknown.append((reached, outcome))
    for reached in way:
        yield from _told_before(view, reached, route, wrong)
        yield from fails_for_unknown(view, reached, route)
    for reached, outcome in unknown:
        if wrong and _words_of(view, reached, outcome.value) not in wrong:
            message = "an unknown user is refused in other words than a wrong password"
            yield at(reached.function, outcome.node, message, route=route)


def _told_before(view: View, reached: Reached, route: Route | None, wrong: list[str]) -> Iterator[Found]:
    """Yield what is said of somebody who was found before the password has been looked at: "not active"."""
    checks = [site.node.lineno for site in reached.function.calls if set(words(site.name)) & CHECKS]
    for outcome in outcomes(reached.function):
        line = outcome.node.lineno
        if not outcome.tests or not isinstance(outcome.node, ast.Raise) or line > min(checks, default=0):
            continue
        if _words_of(view, reached, outcome.value) in wrong:
            continue
        test, _holds = outcome.tests[-1]
        read = [one for one in ast.walk(test) if isinstance(one, ast.Attribute) and set(words(one.attr)) & _STATES]
        if any(isinstance(one.value, ast.Name) and is_person(view, one.value, reached) for one in read):
            message = "this is told of whoever has an account, before the password has been looked at"
            yield at(reached.function, outcome.node, message, route=route)


def _refuses(view: View, outcome: Outcome, reached: Reached) -> bool:
    """Tell an error, an answer with the status of one, and whatever else the endpoint itself answers."""
    if isinstance(outcome.node, ast.Raise) or reached.depth == 0:
        return True
    value = outcome.value
    if not isinstance(value, ast.Call):
        return False
    given = next((one.value for one in value.keywords if one.arg == "status_code"), None)
    given = given or (value.args[1] if len(value.args) > 1 else None)
    return (view.constants.status(given, reached.scope) or 0) >= 400


def _forgotten(view: View, route: Route) -> Iterator[Found]:
    message = "this tells that there is no account with that address"
    for reached in view.reached(route, "endpoint"):
        ends = list(outcomes(reached.function))
        missing = [one for one in ends if one.tests and _is_unknown(view, one, reached)]
        others = {_words_of(view, reached, one.value) for one in ends if one not in missing and one.value is not None}
        for outcome in missing:
            is_answer = reached.depth == 0 and outcome.value is not None
            if is_answer and isinstance(outcome.node, ast.Return):
                is_answer = bool(others) and _words_of(view, reached, outcome.value) not in others
            if is_answer or isinstance(outcome.node, ast.Raise):
                yield at(reached.function, outcome.node, message, route=route)


def _is_unknown(view: View, outcome: Outcome, reached: Reached) -> bool:
    """Tell what happens where nobody was found; somebody who was found by a password or a token is nobody's guess."""
    test, holds = outcome.tests[-1]
    if isinstance(test, ast.ExceptHandler):
        tried = next(one for one in reached.function.nodes(ast.Try) if test in one.handlers)
        named = test.type is not None and _NOBODY.search(ast.unparse(test.type))
        targets = [one for part in tried.body if isinstance(part, ast.Assign) for one in part.targets]
        return bool(named) and any(is_person(view, one, reached) for one in targets)
    if _is_swallowed(reached, outcome) or is_by_id(view, test, reached):
        return False
    asked = [tested for one, given in atoms(test, holds) if (tested := absent(one, given)) is not None]
    return any(is_person(view, one, reached) for one in asked) and not is_by_proof(view, reached, test)


def _is_swallowed(reached: Reached, outcome: Outcome) -> bool:
    """Tell what is raised where somebody above catches it, and says something else, or nothing."""
    raised = outcome.value.func if isinstance(outcome.value, ast.Call) else outcome.value
    for handler in (one for tried in reached.caught for one in tried.handlers):
        caught = ast.unparse(handler.type) if handler.type is not None else "Exception"
        inner = [node for part in handler.body for node in ast.walk(part) if isinstance(node, ast.Raise)]
        is_handed_on = any(node.exc is None or str(handler.name) in names_in(node.exc) for node in inner)
        if (last_name(raised) in caught or re.search(r"\bException\b", caught)) and not is_handed_on:
            return isinstance(outcome.node, ast.Raise)
    return False


def _is_wrong(outcome: Outcome, function: Function) -> bool:
    """Tell what happens where the password was wrong."""
    test, holds = outcome.tests[-1]
    if isinstance(test, ast.ExceptHandler):
        tried = next(one for one in function.nodes(ast.Try) if test in one.handlers)
        named = test.type is not None and _MISMATCH.search(ast.unparse(test.type))
        return bool(named) and any(_is_check(one, function) for part in tried.body for one in ast.walk(part))
    for one, given in atoms(test, holds):
        is_unequal = isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.NotEq | ast.Is)
        if given == is_unequal and _is_check(one, function):
            return True
    return False


def _is_check(test: ast.AST, function: Function) -> bool:
    """Tell a test that looks at the password, also by way of a variable: `ok = verify(…)`."""
    called = [node for node in ast.walk(test) if isinstance(node, ast.Call)]
    if isinstance(test, ast.Name):
        called += [one for one in calls_behind(function, test) if not _is_person_name(test.id)]
    checks = any(set(words(name)) & CHECKS for node in called for name in names_in(node.func))
    return checks or any(is_password(name) for name in names_in(test))


def _is_person_name(name: str) -> bool:
    return bool(set(words(name)) & PEOPLE)


def _words_of(view: View, reached: Reached, raised: ast.expr | None) -> str:
    """Return what is raised or answered, as status and text where these are known."""
    if isinstance(raised, ast.Name):
        written = view.constants.written(raised, reached.scope)
        raised = written[0] if written else raised
    if not isinstance(raised, ast.Call):
        return ast.unparse(raised) if raised is not None else ""
    if not last_name(raised.func).endswith(("Exception", "Error")):
        return ast.unparse(raised)  # a page, say, which the caller is shown
    options = {one.arg: one.value for one in raised.keywords}
    given = dict(enumerate(raised.args))
    status = view.constants.status(options.get("status_code", given.get(0)), reached.scope)
    told = options.get("detail", given.get(1))
    detail = view.constants.of(told, reached.scope) or (ast.unparse(told) if told is not None else "")
    return f"{ast.unparse(raised.func)} {status} {detail}" if status else ast.unparse(raised)
