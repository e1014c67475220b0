"""Which POST endpoints can be asked twice, who asks them, and a request that each of them answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastwright.project.model import Endpoint, Model
from fastwright.project.source import Function
from fastwright.proof.calls import Around, Call
from fastwright.recipes._accounts.guarding import UserGuard, gives, guard_of
from fastwright.recipes._app import accounts
from fastwright.recipes._paths import is_same
from fastwright.recipes._platform.reaching import attempts
from fastwright.recipes._public import issues_credentials
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._suite.contract import Contract

HEADER = "idempotency-key"


@dataclass(frozen=True)
class Caller:
    """Who sends a key: a row of `model`, which `guard` gives; `key` is its primary key."""

    guard: UserGuard
    model: Model
    key: str


@dataclass(frozen=True)
class Repeatable:
    """What can be asked twice: `endpoints`, by `caller` unless strangers do; `left` are others, each with a reason."""

    endpoints: tuple[Endpoint, ...]
    caller: Caller | None
    left: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A request that an endpoint answers well, with what has to be around it."""

    endpoint: Endpoint
    call: Call
    around: Around
    status: int


def repeatable(known: Known, wanted: Sequence[Endpoint]) -> Repeatable | Refusal:
    """Return which of the endpoints can take a key, or why none can."""
    left = {f"{one.method} {one.path}": why for one in wanted if (why := _unfit(known, one))}
    fit = [one for one in wanted if f"{one.method} {one.path}" not in left]
    guarded = [one for one in fit if one.auth.required]
    caller = _caller(known, guarded) if guarded else None
    if guarded and caller is None:
        guards = {f"{one.method} {one.path}": ", ".join(guard.shown for guard in one.auth.guards) for one in guarded}
        items = tuple(f"{name}: {shown or 'no dependency of this project'}" for name, shown in guards.items())
        reason = "no guard that is a function, and that all of these have, gives a row of who is calling"
        return Refusal(reason=reason, hint="let one dependency return the caller, or name a narrower path", items=items)
    chosen = guarded or fit
    left |= {f"{one.method} {one.path}": "open to strangers" for one in fit if one not in chosen}
    told = tuple(f"{name} ({why})" for name, why in left.items())
    if not chosen:
        return Refusal(reason="no POST there could keep its answer", hint="name another path", items=told)
    return Repeatable(tuple(chosen), caller, told)


def _unfit(known: Known, one: Endpoint) -> str:
    """Return why an endpoint can take no key."""
    registration = accounts.registration(known)
    if issues_credentials(one) or (registration is not None and is_same(one.path, registration.path)):
        return "what it answers is not to be stored"
    if known.rehearsal is not None and Contract(known.rehearsal).takes_form(one):
        return "it takes a form"
    return "" if one.file else "it is a package's"


def _caller(known: Known, endpoints: Sequence[Endpoint]) -> Caller | None:
    """Return the outermost guard that all of the endpoints have, and that gives a row."""
    for guard in reversed(endpoints[0].auth.guards):
        common = all(any((g.file, g.name) == (guard.file, guard.name) for g in one.auth.guards) for one in endpoints)
        definition = known.names.definition((guard.file, guard.name)) if guard.file else None
        # What refuses may be the scheme below it, whose token it only looks up.
        is_closed = guard.refuses or any(scheme in guard.chain for scheme in endpoints[0].auth.schemes)
        if not common or not is_closed or not guard.file or not isinstance(definition, Function):
            continue
        for model in known.project.models:
            key = next((column.name for column in model.columns if column.primary_key), "")
            if key and gives(known, guard.file, definition, model.name):
                return Caller(guard_of(known, (guard.file, guard.name)), model, key)
    return None


def shown(known: Known, endpoints: Sequence[Endpoint]) -> Iterator[Shown]:
    """Yield the requests that were seen to be answered well, in an app with some rows."""
    for one in endpoints if known.rehearsal else ():
        for call, around in attempts(known, one):
            answer = known.rehearsal.converse([call], around).answers[0] if known.rehearsal else None
            if answer is not None and answer.status is not None and 200 <= answer.status < 300:
                yield Shown(one, call, around, answer.status)
                break
