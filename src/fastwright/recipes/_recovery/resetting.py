"""The parts of setting a new password by mail: the table of tokens, the two endpoints, and the logins that end."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastwright.project.names import Symbol
from fastwright.proof.signed_in import Credentials
from fastwright.recipes._accounts.credentials import credentials
from fastwright.recipes._accounts.registering import Registering, registering
from fastwright.recipes._app import accounts
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.naming import body_name
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Column, Kind, Table, key_column
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Refusal
from fastwright.recipes._recovery.mailing import Mailing, mailing

_LOGIN = re.compile(r"token|digest|session|refresh", re.IGNORECASE)
_NAME = "password_reset"


@dataclass(frozen=True)
class Login:
    """A table with what people are signed in by; `column` refers to whom."""

    model: str
    column: str
    symbol: Symbol


@dataclass(frozen=True)
class Resetting:
    """What setting a new password consists of; `credentials` is how its promise gets an account."""

    app: Surroundings
    users: Registering
    mail: Mailing
    credentials: Credentials
    table: Table
    logins: tuple[Login, ...]
    places: dict[str, Place]

    @property
    def path(self) -> str:
        return f"{self.app.prefix}/auth/password-reset"

    @property
    def symbols(self) -> dict[str, Symbol]:
        ended = {login.model: login.symbol for login in self.logins}
        return {**self.users.symbols, **self.mail.symbols, **ended}

    def parts(self) -> Iterator[Part]:
        """Yield the code."""
        values = self._values()
        yield from self.mail.parts()
        yield Part(self.places["models"], self.table.code(self.app.tables), "Links that set a new password.")
        yield Part(self.places["schemas"], rendered("recovery/schemas.py", **values), "What a new password takes.")
        yield Part(self.places["router"], rendered("recovery/password_reset.py", **values), "A new password by mail.")

    def _values(self) -> dict[str, object]:
        app, users, body = self.app, self.users, body_name(self.app.known, "reset")
        return {
            "app": app,
            "session": app.session,
            "is_async": app.is_async,
            "mail": self.mail,
            "mailer": "mailer: Annotated[Mailer, Depends(get_mailer)]"
            if app.is_annotated
            else "mailer: Mailer = Depends(get_mailer)",
            "user": {
                "model": users.model,
                "email": users.login,
                "password": users.password,
                "key": users.key[0],
                "refused": self._refused,
            },
            "hash": users.hash,
            "logins": self.logins,
            "data": "reset_in" if body.endswith("_in") else body,
            "owner": users.owner,
            "new_router": users.is_routed,
            "router_prefix": app.router_prefix(self.path),
            "route": self.path if app.is_in_main else "",
        }

    @property
    def _refused(self) -> str:
        """Return which users get no mail, as the end of a condition."""
        model = next(one for one in self.app.known.project.models if one.name == self.users.model)
        flags = [column.name for column in model.columns if column.type == "BOOLEAN"]
        allowed = [f" or not user.{name}" for name in flags if re.match(r"^(is_)?(active|enabled)$", name)]
        return "".join(
            [*allowed, *(f" or user.{name}" for name in flags if re.match(r"^(is_)?(disabled|banned)$", name))]
        )


def resetting(app: Surroundings) -> Resetting | Refusal:
    """Return what a new password takes in this app, or why it cannot be had."""
    users, how = registering(app, makes_rows=False), credentials(app.known)
    mail = mailing(app)
    for one in (users, mail):
        if isinstance(one, Refusal):
            return one
    if isinstance(users, Refusal) or isinstance(mail, Refusal):
        return Refusal(reason="there are no accounts", hint="fastwright add auth")
    if users.table is not None or accounts.sign_in(app.known) is None or how is None:
        reason = "nobody can sign in to this app with a password, or it cannot be told how"
        return Refusal(reason=reason, hint="fastwright add auth")
    if not users.is_address:
        reason = f"{users.model} has no e-mail, so a link could not be sent to anybody"
        return Refusal(reason=reason, hint=f"add an address to {users.model}, and ask for it where accounts are made")
    column = f"{users.model}.{users.password}"
    users = users if users.hash in users.symbols else _hashed_by_an_object(app, users)
    if users is None:
        reason = f"no function of this app makes of a password what {column} holds"
        return Refusal(
            reason=reason, hint="write one, such as hash_password(password), and use it where accounts are made"
        )
    places = {kind: app.place(kind, _NAME, f"{_NAME}s") for kind in ("models", "schemas", "router")}
    return Resetting(app, users, mail, how, _table(app, users), tuple(_logins(app, users)), places)


def _hashed_by_an_object(app: Surroundings, users: Registering) -> Registering | None:
    """Return how passwords are hashed where that is `Account(password=hasher.hash(…))`, or nothing."""
    for file in app.known.source.own:
        for node in file.nodes:
            value = node.value if isinstance(node, ast.keyword) and node.arg == users.password else None
            func = value.func if isinstance(value, ast.Call) and len(value.args) == 1 else None
            symbol = app.known.names.resolve(file.path, func.value) if isinstance(func, ast.Attribute) else None
            if symbol is not None and isinstance(func, ast.Attribute) and func.attr == "hash":
                symbols = {**users.symbols, symbol[1]: symbol}
                return replace(users, hash=f"{symbol[1]}.hash", symbols=symbols)
    return None


def _table(app: Surroundings, users: Registering) -> Table:
    model = next(one for one in app.known.project.models if one.name == users.model)
    key = next(column.column for column in model.columns if column.name == users.key[0])
    kinds: dict[str, Kind] = {"int": "int", "UUID": "uuid"}
    reference = f"{model.table}.{key}"
    columns = (
        key_column(app.tables),
        Column("user_id", kinds.get(users.key[1], "str"), index=True, references=reference, on_delete="CASCADE"),
        Column("token_hash", "str", length=64, unique=True, index=True),
        Column("expires_at", "datetime"),
    )
    return Table(
        app.tables.table(_NAME), "PasswordReset", columns, "The hash of a token that sets a new password, once."
    )


def _logins(app: Surroundings, users: Registering) -> Iterator[Login]:
    """Yield the tables whose rows let somebody in: they refer to a user, and hold a token."""
    model = next(one for one in app.known.project.models if one.name == users.model)
    for other in app.known.project.models:
        refers = [one for one in other.columns if (one.foreign_key or "").partition(".")[0] == model.table]
        if refers and other.file and any(_LOGIN.search(column.name) for column in other.columns):
            yield Login(other.name, refers[0].name, (other.file, other.name))
