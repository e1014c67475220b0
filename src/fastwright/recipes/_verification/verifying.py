"""The parts of confirming an address: the table of those that wait, the endpoints, and what learns of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastwright.changes.add_parameter import AddParameter
from fastwright.changes.operation import Operation
from fastwright.changes.replace_text import ReplaceText
from fastwright.changes.wanted import Import
from fastwright.project.model import Endpoint
from fastwright.project.names import Symbol
from fastwright.project.source import Function
from fastwright.proof.signed_in import Credentials
from fastwright.recipes._accounts.credentials import credentials
from fastwright.recipes._app import accounts
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.naming import body_name
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Column, Table, key_column
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._recovery.mailing import Mailing, mailing
from fastwright.recipes._verification.editing import Taught, taught_to_ask, taught_to_check

_NAME = "email_verification"
_FLAG = re.compile(r"^(is_)?(e_?mail_)?(verified|confirmed)(_at|_on)?$")
_TOKEN = re.compile(r"token", re.IGNORECASE)


@dataclass(frozen=True)
class Verifying:
    """What confirming an address consists of; `credentials` is how its promise gets an account."""

    app: Surroundings
    users: accounts.Users
    email: str
    mail: Mailing
    credentials: Credentials
    table: Table
    places: dict[str, Place]
    registers: Taught
    signs_in: Taught

    @property
    def path(self) -> str:
        return f"{self.app.prefix}/auth/email-verification"

    @property
    def symbols(self) -> dict[str, Symbol]:
        return {self.users.model.name: self.users.symbol, **self.mail.symbols}

    def parts(self) -> Iterator[Part]:
        """Yield the code."""
        values = self._values()
        confirmations = rendered("verification/confirmations.py", **values)
        mail = [*self.mail.parts()]
        if self.app.is_single:
            # They stand above the endpoints there, the mailer first.
            confirmations, mail = "\n\n".join([*(part.code for part in mail), confirmations]), []
        yield from mail
        yield Part(self.places["models"], self.table.code(self.app.tables), "Addresses that are to be confirmed.")
        yield Part(self.places["schemas"], rendered("verification/schemas.py", **values), "What a confirmation takes.")
        yield Part(self.places["confirmations"], confirmations, "Addresses are confirmed by a mailed link.")
        yield Part(self.places["router"], rendered("verification/email_verification.py", **values))

    def _values(self) -> dict[str, object]:
        app, body = self.app, body_name(self.app.known, "confirmation")
        annotated = "mailer: Annotated[Mailer, Depends(get_mailer)]"
        return {
            "session": app.session,
            "is_async": app.is_async,
            "mail": self.mail,
            "mailer": annotated if app.is_annotated else "mailer: Mailer = Depends(get_mailer)",
            "user": {"model": self.users.model.name, "email": self.email, "key": self.users.key.name},
            "request_body": "request_in" if body.endswith("_in") else body,
            "data": "token_in" if body.endswith("_in") else body,
            "owner": app.mounting.target if app.is_in_main else "router",
            "new_router": not app.is_in_main,
            "router_prefix": app.router_prefix(self.path),
            "route": self.path if app.is_in_main else "",
        }

    def calls(self) -> Iterator[Operation]:
        """Yield what makes registration ask for a confirmation, and sign-in insist on it."""
        for one in (self.registers, self.signs_in):
            yield ReplaceText(file=one.file, before=one.before, after=one.after)

    def parameters(self) -> Iterator[Operation]:
        """Yield what gives these two the classes that they call, which have to be there before."""
        yield self._given(self.registers, "confirmations", "Confirmations")
        yield self._given(self.signs_in, "unconfirmed", "Unconfirmed")

    def _given(self, one: Taught, name: str, kind: str) -> AddParameter:
        """Return the parameter by which an endpoint gets a class of the new module."""
        app, home = self.app, self.places["confirmations"].file
        own = app.imported(kind, home, one.file)
        imports = [Import(module="fastapi", name="Depends"), *([own] if one.file != home else [])]
        parameter = f"{name}: {kind} = Depends()"
        if app.is_annotated:
            imports.append(Import(module="typing", name="Annotated"))
            parameter = f"{name}: Annotated[{kind}, Depends()]"
        return AddParameter(file=one.file, function=one.function.name, parameter=parameter, imports=tuple(imports))


def verifying(app: Surroundings) -> Verifying | Refusal:
    """Return what confirming addresses takes in this app, or why it cannot be had."""
    users, how = accounts.users(app.known), credentials(app.known)
    if users is None or users.email is None:
        name = f"{users.model.name} has no column for the e-mail" if users else "there are no accounts"
        return Refusal(reason=name, hint="fastwright add auth" if users is None else "give it one, with a migration")
    if accounts.registration(app.known) is None:
        reason = "nobody can make an account here by themselves, so that there is no address to be confirmed"
        return Refusal(reason=reason, hint="fastwright add registration")
    if accounts.sign_in(app.known) is None or how is None:
        reason = "nobody can sign in to this app with a password, or it cannot be told how"
        return Refusal(reason=reason, hint="fastwright add auth")
    problem = _contradiction(app.known, users)
    mail = mailing(app) if problem is None else problem
    return mail if isinstance(mail, Refusal) else _taught(app, users, users.email.name, mail, how)


def _contradiction(known: Known, users: accounts.Users) -> Refusal | None:
    """Return what would say something else: a second way in, or a flag that nobody sets."""
    first = accounts.sign_in(known)
    rest = tuple(one for one in known.project.endpoints if first is not None and not _is_same(one, first))
    other = accounts.sign_in(replace(known, project=known.project.model_copy(update={"endpoints": rest})))
    if first is not None and other is not None:
        reason = f"POST {first.path} and POST {other.path} both sign people in, each in its own way"
        return Refusal(reason=reason, hint="let both call one function that refuses, and confirm addresses in that")
    flag = next((column.name for column in users.model.columns if _FLAG.match(column.name)), "")
    if flag:
        reason = f"{users.model.name}.{flag} says whether an address is confirmed, and no endpoint confirms any"
        return Refusal(reason=reason, hint=f"set {flag} in an endpoint of your own: two notions would contradict")
    return None


def _is_same(one: Endpoint, other: Endpoint) -> bool:
    return (one.file, one.line) == (other.file, other.line)


def _taught(
    app: Surroundings, users: accounts.Users, email: str, mail: Mailing, how: Credentials
) -> Verifying | Refusal:
    """Return it with the two endpoints that change, or why they cannot be changed."""
    registration, login = accounts.registration(app.known), accounts.sign_in(app.known)
    assert registration is not None and login is not None  # noqa: S101, PT018 - told before
    if _TOKEN.search(registration.response_model or ""):
        reason = f"POST {registration.path} signs in whoever makes an account, before any mail could be read"
        return Refusal(reason=reason, hint="answer with the account, and let sign-in give the token; then ask again")
    wait = "await " if app.is_async else ""
    asks = taught_to_ask(app.known, registration, f"{wait}confirmations.ask({{}})")
    checks = taught_to_check(app.known, login, email, f"{wait}unconfirmed.refuse({{}})")
    for endpoint, taught in ((registration, asks), (login, checks)):
        if taught is None or (app.is_async and not _is_async(taught.function)):
            where = f"{endpoint.file}:{endpoint.line}"
            reason = f"it cannot be told where POST {endpoint.path} ({where}) has the address of an account"
            return Refusal(reason=reason, hint="take the body, or the form, as a parameter of the endpoint; then again")
    assert asks is not None and checks is not None  # noqa: S101, PT018 - told before
    places = {kind: app.place(kind, _NAME, f"{_NAME}s") for kind in ("models", "schemas", "router")}
    behind = Place(mail.place.file, after="get_mailer") if mail.is_there else mail.place
    beside = app.layout.in_main("dependencies") if app.is_in_main else places["router"]
    places["confirmations"] = behind if app.is_single else beside
    return Verifying(app, users, email, mail, how, _table(app), places, asks, checks)


def _is_async(function: Function) -> bool:
    return type(function).__name__.startswith("Async")


def _table(app: Surroundings) -> Table:
    columns = (
        key_column(app.tables),
        Column("email", "str", length=254, unique=True, index=True),
        Column("token_hash", "str", length=64, unique=True, index=True),
        Column("mailed_at", "datetime"),
    )
    purpose = "An address that is not confirmed yet, and the hash of the token that was mailed to it."
    return Table(app.tables.table(_NAME), "EmailVerification", columns, purpose)
