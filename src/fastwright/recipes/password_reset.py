"""A new password for who has forgotten theirs: by a link that is mailed, works once, and ends all logins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastwright.changes import Change, Operation
from fastwright.recipes._accounts.samples import ADDRESS, PASSWORD
from fastwright.recipes._app.models import with_all_models
from fastwright.recipes._app.surroundings import surroundings
from fastwright.recipes._code.writing import included, linked, makes_tables, migration, registered_models
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish
from fastwright.recipes._recovery.mailing import settings_of
from fastwright.recipes._recovery.promise import ResetPromise
from fastwright.recipes._recovery.resetting import Resetting, resetting

_THERE = re.compile(
    r"(password|pw)[-_/]?(reset|recovery|forgot)|(reset|recover|forgot)[-_/]?(password|pw)", re.IGNORECASE
)


class PasswordReset(Wish):
    """There is nothing to choose."""


def plan(known: Known, _wish: PasswordReset) -> Answer:
    """Return the plan (ASVS 5.0.0: 6.3.8, 6.4.3, 7.4.3), or where it is already."""
    for one in known.project.endpoints:
        if one.method == "POST" and (_THERE.search(one.path) or _THERE.search(one.name)):
            return Already(reason=f"POST {one.path} resets passwords ({one.file}:{one.line})")
    app = surroundings(with_all_models(known))
    if isinstance(app, Refusal):
        return app
    new = resetting(app)
    if isinstance(new, Refusal):
        return new
    migrated = migration(app, "add password resets", [new.table])
    if isinstance(migrated, Refusal):
        return migrated
    return Plan(
        change=Change(summary="add password-reset", operations=(*_operations(new), *migrated)),
        promise=ResetPromise(
            path=new.path,
            credentials=new.credentials,
            address=ADDRESS,
            password=PASSWORD,
            table=new.table.name,
            production=new.mail.production,
            ends=bool(new.logins),
        ),
        decisions=tuple(_decisions(new)),
        risks=tuple(_risks(new)),
        alternatives=("Sign in with an account elsewhere (OpenID Connect), so that there is no password to forget.",),
    )


def _operations(new: Resetting) -> Iterator[Operation]:
    app = new.app
    yield from new.mail.fields
    yield from linked(app, list(new.parts()), new.symbols)
    if new.users.is_routed:
        yield included(app, new.places["router"].file)
    yield from registered_models(app, new.places["models"].file, new.table.model)
    registration = new.credentials.registration
    yield from app.test(
        "recovery/test_password_reset.py",
        "password_reset",
        path=new.path,
        register=registration.path,
        account=repr(registration.json_body),
        address=ADDRESS,
    )


def _decisions(new: Resetting) -> Iterator[str]:
    yield f"POST {new.path} answers 202 for every address, and mails after the answer (ASVS 6.3.8)."
    yield f"The token is random, good for 30 minutes and once; {new.table.name} holds its SHA-256 only (ASVS 6.4.3)."
    yield "The link carries it behind #, so that it is in no log of a server, and in no Referer."
    if new.logins:
        yield f"A new password ends all logins: rows of {', '.join(login.model for login in new.logins)} (ASVS 7.4.3)."
    yield f"{', '.join(settings_of(new.mail))} set up the mail; in development it is printed, and nowhere else."


def _risks(new: Resetting) -> Iterator[str]:
    if not new.logins:
        yield "Logins are not stored: tokens that were given out go on until they expire (ASVS 7.4.3 asks for more)."
    yield f"Where it runs for others, set {new.mail.variable}, and {new.mail.environment_variable}=production."
    yield f"Nothing limits how many mails are asked for: fastwright add rate-limit {new.path} --limit 5/minute"
    yield "The page behind the link is the frontend's: it reads the token, and sends it with the new password."
    if new.app.known.project.conventions.alembic is None and not makes_tables(new.app.known):
        yield f"There is no Alembic: {new.table.name} has to be made where the database exists already."


RECIPE = Recipe(
    name="password-reset",
    summary="a new password by a mailed link that works once",
    wish=PasswordReset,
    plan=plan,
    about=(
        "Two endpoints, a table and a small mailer. The first answers alike for every address and mails a link, the "
        "second sets the password by the token in it, which works once and for half an hour, and ends all logins that "
        "are stored. Mail goes to an SMTP server by settings; in development it is printed. Proven with real "
        "accounts: old, used and invented tokens, the old password, a login from before, and a production environment."
    ),
)
