"""Requests that are sent again with the same key: they are answered again, and not done again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import Field

from fastwright.changes import Change, Operation
from fastwright.project.model import Column, Endpoint
from fastwright.recipes._app.models import with_all_models
from fastwright.recipes._app.surroundings import surroundings
from fastwright.recipes._code.writing import linked, makes_tables, migration, registered_models
from fastwright.recipes._idempotency.asking import HEADER, Repeatable, repeatable, shown
from fastwright.recipes._idempotency.once import Once, once
from fastwright.recipes._idempotency.promise import OncePromise, names_of
from fastwright.recipes._paths import below
from fastwright.recipes._platform import finding
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish
from fastwright.recipes._suite.about import tests_about
from fastwright.recipes._suite.contract import Contract
from fastwright.recipes._suite.observing import Seen
from fastwright.recipes._suite.things import Thing


class Idempotency(Wish):
    """Which endpoints."""

    positional: ClassVar[tuple[str, ...]] = ("path",)

    path: str = Field(default="/", description="A path as the project writes it; it covers every POST below.")


def plan(known: Known, wish: Idempotency) -> Answer:
    """Return the plan (draft-ietf-httpapi-idempotency-key-header). Raises `InputError` if nothing is there."""
    wanted = [one for one in below(known.project.endpoints, wish.path) if _is_post(one)]
    there = _there(known, wanted)
    if there is not None:
        return there
    wanted = [one for one in wanted if not _takes_key(known, one)]
    app = surroundings(with_all_models(known))
    if isinstance(app, Refusal):
        return app
    fit = repeatable(app.known, wanted)
    new = once(app, fit) if isinstance(fit, Repeatable) else fit
    return _planned(new, wish.path) if isinstance(new, Once) else new


def _planned(new: Once, path: str) -> Answer:
    app, fit = new.app, new.wanted
    seen = tuple(shown(app.known, fit.endpoints))
    if not seen:
        reason = f"none of {names_of(fit.endpoints)} could be called with success here, so that nothing could be shown"
        return Refusal(reason=reason, hint="name an endpoint that needs less to be there, or write it by hand")
    migrated = [] if new.is_there else migration(app, "add idempotency keys", [new.table])
    if isinstance(migrated, Refusal):
        return migrated
    caller = fit.caller
    return Plan(
        change=Change(summary=f"add idempotency at {path}", operations=(*_operations(new), *migrated)),
        promise=OncePromise(
            endpoints=fit.endpoints,
            shown=seen,
            table=new.table.name,
            caller=(caller.model.table or "", _column(caller.model.columns, caller.key)) if caller else None,
        ),
        decisions=tuple(_decisions(new)),
        risks=tuple(_risks(new)),
        alternatives=("A unique column for a number that the client gives: the second request is a 409 then.",),
    )


def _is_post(one: Endpoint) -> bool:
    return one.method == "POST" and one.kind == "operation"


def _column(columns: Sequence[Column], name: str) -> str:
    """Return what the database calls an attribute."""
    return next(one.column for one in columns if one.name == name)


def _there(known: Known, wanted: list[Endpoint]) -> Already | Refusal | None:
    """Return where it is already, or why nothing there can be sent twice."""
    if not wanted:
        return Refusal(reason="no POST is at or below this path", hint="PUT and DELETE can be sent twice anyway")
    middleware = finding.attached(known, "idempot")
    if middleware:
        return Already(reason=f"{middleware} knows the keys of requests")
    if all(_takes_key(known, one) for one in wanted):
        return Already(reason=f"{names_of(wanted)}: takes an Idempotency-Key")
    return None


def _takes_key(known: Known, one: Endpoint) -> bool:
    return known.rehearsal is not None and Contract(known.rehearsal).takes_header(one, HEADER)


def _operations(new: Once) -> Iterator[Operation]:
    app = new.app
    yield from new.attached.routers()
    if not new.is_there:
        yield from linked(app, list(new.parts()), new.symbols)
        yield from registered_models(app, new.models.file, new.table.model)
    yield from new.attached.rest()
    about = "What is sent again with the same key is done once."
    yield from tests_about(app.known, "idempotency", about, lambda thing: _again(new, thing))


def _again(new: Once, thing: Thing) -> Seen | None:
    """Return the test by which a thing is created twice with a key, if its endpoint takes one."""
    create = thing.create
    if all((create.method, create.path) != (one.method, one.path) for one in new.wanted.endpoints):
        return None
    return Seen("again", create, thing.path, signed=create.auth.required, thing=thing)


def _decisions(new: Once) -> Iterator[str]:
    yield f"With an Idempotency-Key, a request is done once: {names_of(new.wanted.endpoints)}."
    yield "The key is stored in the transaction of what the request changes, and its answer right behind it."
    yield "Who sends it again gets the same answer for 24 hours; 422 for another request, 409 while it is under way."
    caller = new.wanted.caller
    if caller is not None:
        yield f"A key belongs to the {caller.model.name} who sent it ({caller.guard.symbol[1]})."
    yield "Errors are not kept: what was refused can be sent again."
    if new.wanted.left:
        yield f"Left as they are: {', '.join(new.wanted.left)}."


def _apart(new: Once) -> list[Endpoint]:
    """Return the endpoints that work in another session than that of the request."""
    session = new.app.session.dependency.rpartition(".")[2]
    return [
        one for one in new.wanted.endpoints if session not in {name.rpartition(".")[2] for name in one.dependencies}
    ]


def _risks(new: Once) -> Iterator[str]:
    if apart := _apart(new):
        yield f"{names_of(apart)}: works in a session of its own, so that the key is not stored together with the rest."
    if new.wanted.caller is None:
        yield "Callers are strangers here: who guesses a key, and sends the same body, is given the answer."
    if not new.app.session.commits:
        yield "A process that dies after the commit, and before the answer is stored, leaves a 409 for a day."
    yield f"{new.table.name} holds answers as they were given: who may read it, may read those."
    if new.app.known.project.conventions.alembic is None and not makes_tables(new.app.known):
        yield f"There is no Alembic: {new.table.name} has to be made where the database exists already."


RECIPE = Recipe(
    name="idempotency",
    summary="requests that are sent again with the same key, and not done again",
    wish=Idempotency,
    plan=plan,
    about=(
        "An Idempotency-Key for every POST below a path: a table, a dependency, and a route class that stores what "
        "was answered. The key is stored in the transaction of what the request changes. Proven on requests that were "
        "done twice before: the same answer and no row more, 422 for another request with the key, 409 while one is "
        "under way, and done anew for another caller, another key, none, or a day later."
    ),
)
