"""Addresses that are confirmed by a mailed link, before their accounts can sign in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from fastwright.changes import Change, Operation
from fastwright.changes.add_code import AddCode
from fastwright.changes.add_file import AddFile
from fastwright.changes.wanted import Import
from fastwright.proof.calls import Call
from fastwright.recipes._accounts.samples import ADDRESS, PASSWORD
from fastwright.recipes._app.models import with_all_models
from fastwright.recipes._app.surroundings import surroundings
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._code.writing import included, linked, makes_tables, migration, registered_models
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish
from fastwright.recipes._recovery.mailing import settings_of
from fastwright.recipes._verification.promise import ConfirmationPromise
from fastwright.recipes._verification.verifying import Verifying, verifying

_THERE = re.compile(
    r"(verif|confirm|activat)\w*[-_/]?(e?-?mail|account|address|registration|user)"
    r"|(e-?mail|account|address|registration)s?[-_/](verif|confirm|activat)"
    r"|auth/(verify|confirm|activate)",
    re.IGNORECASE,
)


class EmailVerification(Wish):
    """There is nothing to choose."""


def plan(known: Known, _wish: EmailVerification) -> Answer:
    """Return the plan (ASVS 5.0.0: 6.3.8, 6.4.3), or where it is already."""
    for one in known.project.endpoints:
        if one.method in ("POST", "GET") and (_THERE.search(one.path) or _THERE.search(one.name)):
            return Already(reason=f"{one.method} {one.path} confirms addresses ({one.file}:{one.line})")
    app = surroundings(with_all_models(known))
    if isinstance(app, Refusal):
        return app
    new = verifying(app)
    if isinstance(new, Refusal):
        return new
    migrated = migration(app, "add email verifications", [new.table])
    if isinstance(migrated, Refusal):
        return migrated
    return Plan(
        change=Change(summary="add email-verification", operations=(*_operations(new), *migrated)),
        promise=ConfirmationPromise(
            path=new.path,
            credentials=new.credentials,
            address=ADDRESS,
            password=PASSWORD,
            table=new.table.name,
            production=new.mail.production,
        ),
        decisions=tuple(_decisions(new)),
        risks=tuple(_risks(new)),
        alternatives=("Let people sign in at once, and ask for a confirmed address where it matters: in a guard.",),
    )


def _operations(new: Verifying) -> Iterator[Operation]:
    app = new.app
    yield from new.mail.fields
    yield from new.calls()
    yield from linked(app, list(new.parts()), new.symbols)
    yield from new.parameters()
    if not app.is_in_main:
        yield included(app, new.places["router"].file)
    yield from registered_models(app, new.places["models"].file, new.table.model)
    how = new.credentials
    yield from app.test(
        "verification/test_email_verification.py",
        "email_verification",
        path=new.path,
        register=how.registration,
        login=how.login,
        login_body=_body(how.login),
        address=ADDRESS,
    )
    yield from _confirmed_in_tests(new)


def _body(call: Call) -> str:
    return f"data={call.form!r}" if call.form is not None else f"json={call.json_body!r}"


def _confirmed_in_tests(new: Verifying) -> Iterator[Operation]:
    """Yield a fixture for all tests of the project: their accounts sign in at once, as before."""
    directories, app = new.app.known.project.conventions.tests.directories, new.app
    if not directories:
        return
    path = str(PurePosixPath(posixpath.commonpath(directories)) / "conftest.py")
    code = app.formatting.formatted(rendered("verification/confirmed.py", is_async=app.is_async), whole=False)
    imports = (
        Import(module="unittest.mock", name="AsyncMock" if app.is_async else "Mock"),
        Import(module="pytest"),
        Import(module=app.layout.module(new.places["confirmations"].file), name="Confirmations"),
    )
    if app.layout.is_there(path) and app.known.source.files[path].tree.body:
        yield AddCode(file=path, code=code, imports=imports)
    else:
        text = "\n".join([*map(str, imports), "", "", code])
        yield AddFile(path=path, content=app.formatting.formatted(text, whole=True))


def _decisions(new: Verifying) -> Iterator[str]:
    registers, signs_in = new.registers.endpoint, new.signs_in.endpoint
    yield f"POST {registers.path} mails a link after its answer; the row is in the transaction that makes the account."
    yield f"POST {signs_in.path} answers 403 until it comes back, and only to who knows the password."
    yield f"Accounts without a row in {new.table.name} can sign in: those from before, and those you make for others."
    yield f"POST {new.path} mails a new link once a minute at most, and answers 202 for every address (ASVS 6.3.8)."
    yield f"The token is random, good for 24 hours and once; {new.table.name} holds its SHA-256 only."
    if new.app.tests is not None:
        yield "In your tests, nobody is asked to confirm: the fixture confirmed_addresses of conftest.py sees to that."
    if not new.mail.is_there:
        yield f"{', '.join(settings_of(new.mail))} set up the mail; in development it is printed, and nowhere else."


def _risks(new: Verifying) -> Iterator[str]:
    yield f"Where it runs for others, set {new.mail.variable}, and {new.mail.environment_variable}=production."
    yield "The page behind the link is the frontend's: it reads the token, and sends it."
    yield "Who changes the address of an account later is not asked to confirm the new one."
    if new.app.known.project.conventions.alembic is None and not makes_tables(new.app.known):
        yield f"There is no Alembic: {new.table.name} has to be made where the database exists already."


RECIPE = Recipe(
    name="email-verification",
    summary="addresses that are confirmed by a mailed link before their accounts can sign in",
    wish=EmailVerification,
    plan=plan,
    about=(
        "Two endpoints, a table and a small mailer, and a line each in registration and sign-in. Who makes an account "
        "is mailed a link; sign-in answers 403 until its token comes back, which works once and for a day. A new link "
        "is mailed once a minute at most. Accounts from before go on. Proven with real accounts: before and after the "
        "confirmation, with old, used and invented tokens, a wrong password, and a production environment."
    ),
)
