"""An endpoint at which people create their own account: address and password, stored as a hash, each address once."""

from __future__ import annotations

from fastwright.changes import Change, Operation
from fastwright.recipes._accounts.promises import RegistrationPromise
from fastwright.recipes._accounts.registering import Registering, registering, registration_tests
from fastwright.recipes._accounts.samples import PASSWORD
from fastwright.recipes._app import accounts
from fastwright.recipes._app.models import with_all_models
from fastwright.recipes._app.surroundings import surroundings
from fastwright.recipes._code.writing import included, linked, makes_tables, migration, registered_models
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish


class Registration(Wish):
    """There is nothing to choose."""


def plan(known: Known, _wish: Registration) -> Answer:
    """Return the plan, or where it is already."""
    there = accounts.registration(known)
    if there is not None:
        return Already(reason=f"POST {there.path} creates accounts ({there.where})")
    app = surroundings(with_all_models(known))
    if isinstance(app, Refusal):
        return app
    new = registering(app)
    if isinstance(new, Refusal):
        return new
    migrated = migration(app, "add accounts", [new.table] if new.table else [])
    if isinstance(migrated, Refusal):
        return migrated
    return Plan(
        change=Change(summary="add registration", operations=(*_operations(new), *migrated)),
        promise=promised(new, (f"POST {new.path}",)),
        decisions=tuple(_decisions(new)),
        risks=tuple(_risks(new)),
        alternatives=(f"Only administrators create accounts: fastwright protect {new.path} --role ROLE",),
    )


def _risks(new: Registering) -> list[str]:
    risks = [
        "A 409 tells that there is such an account; to hide that, answer alike, and send a mail (ASVS 6.3.8).",
        f"Nothing limits how often it is called: fastwright add rate-limit {new.path} --limit 5/minute",
    ]
    if new.is_address:
        risks.append("The address is not verified: nobody has shown yet that it is theirs.")
    if any(endpoint.auth.guards for endpoint in new.app.known.project.endpoints):
        risks.append("The app has a guard, which knows nothing of these accounts: they open nothing yet.")
    if new.table and new.app.known.project.conventions.alembic is None and not makes_tables(new.app.known):
        risks.append(f"There is no Alembic: {new.table.name} has to be made where the database exists already.")
    return risks


def promised(new: Registering, adds: tuple[str, ...]) -> RegistrationPromise:
    """Return what has to be true of the endpoint."""
    table = (
        new.table.name
        if new.table
        else next(m.table or "" for m in new.app.known.project.models if m.name == new.model)
    )
    return RegistrationPromise(new.path, new.sample, PASSWORD, table, new.login, new.password, adds, new.field)


def _operations(new: Registering) -> list[Operation]:
    app = new.app
    operations = linked(app, list(new.parts()), new.symbols)
    if new.is_routed:
        operations.append(included(app, new.places["router"].file))
    if new.table is not None:
        operations += registered_models(app, new.places["models"].file, new.model)
    return [*operations, *registration_tests(new)]


def _decisions(new: Registering) -> list[str]:
    what = "an address" if new.is_address else "a name in lower case"
    told = [f"POST {new.path} takes {what} and a password of 12 to 128 characters (OWASP ASVS 6.2.1, 6.2.9)."]
    if new.table is not None:
        told.append(f"Accounts are rows of the new table {new.table.name} ({new.model}).")
    else:
        told.append(f"Accounts are rows of {new.model}, as the app has them.")
    told.append(
        f"Passwords are hashed by the app's own {new.hash}."
        if new.hash in new.symbols
        else f"Passwords are hashed with {'argon2id' if new.hasher != 'scrypt' else 'scrypt, which needs no package'}."
    )
    if new.is_address:
        told.append("Addresses are stored in lower case, and a unique constraint keeps each to one account.")
    return told


RECIPE = Recipe(
    name="registration",
    summary="an endpoint at which people create their own account",
    wish=Registration,
    plan=plan,
    about=(
        "An endpoint that takes an address, or a name where the app has those, and a password, which is stored as a "
        "hash: by the app's own function where it has one, else in argon2id or scrypt. Accounts are rows of the "
        "app's own model, or of a new table. Proven by requests: an account without the password in the answer, 409 "
        "for the second one, 422 for what is no address and for short passwords."
    ),
)
