"""The parts of requests that are done once: the table of keys, and the dependency and route class that know it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.names import Symbol
from fastwright.project.source import Function, SourceFile
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Column, Table, key_column
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._idempotency.asking import Repeatable
from fastwright.recipes._idempotency.attaching import ROUTE, Attached, attached
from fastwright.recipes._platform.home import home
from fastwright.recipes._recipe import Refusal

_NAME = "idempotency_key"
_ABOUT = "Sent again with the same key, a request is answered again, and not done again."


@dataclass(frozen=True)
class Once:
    """What it consists of."""

    app: Surroundings
    wanted: Repeatable
    table: Table
    models: Place
    place: Place
    attached: Attached
    is_there: bool

    @property
    def symbols(self) -> dict[str, Symbol]:
        caller = self.wanted.caller
        if caller is None:
            return {}
        return {**caller.guard.symbols, caller.model.name: (caller.model.file or "", caller.model.name)}

    def parts(self) -> Iterator[Part]:
        """Yield the code."""
        app, caller = self.app, self.wanted.caller
        given = None
        if caller is not None:
            text = caller.guard.parameter("caller", caller.model.name, is_annotated=app.is_annotated)
            given = {"name": "caller", "key": caller.key, "text": text}
        code = rendered(
            "idempotency/idempotency.py",
            session=app.session,
            is_async=app.is_async,
            annotated=app.is_annotated,
            caller=given,
            description=_ABOUT,
        )
        yield Part(self.models, self.table.code(app.tables), "Requests that were answered.")
        yield Part(self.place, code, "Requests that are sent twice, and done once.")


def once(app: Surroundings, wanted: Repeatable) -> Once | Refusal:
    """Return what it takes in this app, or why it cannot be had."""
    known = next((one for one in app.known.source.own if {ROUTE, "once"} <= {*one.definitions}), None)
    if known is not None and _has_caller(known) != (wanted.caller is not None):
        whose = "strangers" if wanted.caller is None else "callers that are known"
        reason = f"the keys of {known.path} are not those of {whose}"
        return Refusal(reason=reason, hint="write a second dependency like once beside it, then: fastwright prove")
    place = Place(known.path) if known is not None else _place(app)
    if isinstance(place, Refusal):
        return place
    where = attached(app, wanted.endpoints, place.file)
    if isinstance(where, Refusal):
        return where
    models = app.layout.place("models", _NAME, "idempotency")
    return Once(app, wanted, _table(app), models, place, where, is_there=known is not None)


def _has_caller(file: SourceFile) -> bool:
    """Tell whether the keys that a module stores belong to callers."""
    function = file.definitions["once"][-1]
    return isinstance(function, Function) and any(one.arg == "caller" for one in function.args.args)


def _place(app: Surroundings) -> Place | Refusal:
    if app.layout.is_single:
        return app.layout.place("security", "idempotency", "idempotency")
    if app.layout.domains:
        return Place(str(app.layout.root / "idempotency" / "dependencies.py"))
    here = home(app.known)
    file = here if isinstance(here, Refusal) else here.place("idempotency")
    return file if isinstance(file, Refusal) else Place(file)


def _table(app: Surroundings) -> Table:
    columns = (
        key_column(app.tables),
        Column("key", "str", length=64, unique=True, index=True),
        Column("request", "str", length=64),
        Column("status", "int", nullable=True),
        Column("headers", "json", nullable=True),
        Column("body", "text", nullable=True),
        Column("created_at", "datetime", index=True),
    )
    purpose = "A request with a key, by digests of both, and what it was answered, once it was."
    return Table(app.tables.table(_NAME), "IdempotencyKey", columns, purpose)
