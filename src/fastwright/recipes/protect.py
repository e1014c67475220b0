"""Put the app's own guard on the endpoints under a path, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from fastwright.changes import Change, Operation
from fastwright.errors import InputError
from fastwright.project.model import Endpoint
from fastwright.proof.promise import AccessPromise, Closed
from fastwright.recipes import _attaching as attaching
from fastwright.recipes._guards import Chosen, choose
from fastwright.recipes._paths import is_below, is_same, nearest
from fastwright.recipes._places import AtEndpoint, AtInclude, Spot, has_guard, places
from fastwright.recipes._public import issues_credentials, stays_public
from fastwright.recipes._recipe import Already, Known, Refusal
from fastwright.recipes._routes import Routes


@dataclass(frozen=True)
class Wish:
    """What is to be protected: all below `path` but what is below one of `exceptions`."""

    path: str
    methods: tuple[str, ...] = ()
    role: str | None = None
    exceptions: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        role = f" for {self.role}" if self.role else ""
        methods = f"{'/'.join(self.methods)} " if self.methods else ""
        return f"{methods}{self.path}{role}"


@dataclass(frozen=True)
class AccessPlan:
    """Where guards would be put, and whose access that changes. The sentences are for the people who decide."""

    change: Change
    promise: AccessPromise
    decisions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Aim:
    """The endpoints that the wish is about, and those of them whose access changes."""

    matched: tuple[Endpoint, ...]
    closes: tuple[Endpoint, ...]
    public: tuple[Endpoint, ...]


def protect(known: Known, wish: Wish) -> AccessPlan | Already | Refusal:
    """Return the plan. Raises `InputError` if the path, the methods or an exception match no endpoint."""
    aim = _aim(known, wish)
    refusal = _not_to_be_closed(aim)
    if refusal is not None:
        return refusal
    if not aim.closes:
        return _already(aim, wish)
    return _plan(known, wish, aim)


def _plan(known: Known, wish: Wish, aim: _Aim) -> AccessPlan | Refusal:
    routes = Routes(known)
    operations: list[Operation] = []
    closed: list[Closed] = []
    told: list[str] = []
    sockets = [one for one in aim.closes if one.kind == "websocket"]
    for group in ([one for one in aim.closes if one.kind != "websocket"], sockets):
        if not group:
            continue
        chosen = choose(known, group, wish.role)
        if isinstance(chosen, Refusal):
            return _with_items(chosen, group)
        spots = places(known, routes, group, aim.matched, partial(has_guard, chosen=chosen))
        if isinstance(spots, Refusal):
            return spots
        operations += [attaching.operation(known, spot, chosen) for spot in spots]
        closed += [_closed(endpoint, chosen) for endpoint in group]
        told += [*_told(group, chosen), *(_told_place(spot) for spot in spots)]
    return AccessPlan(
        change=Change(summary=f"protect {wish.shown}", operations=tuple(operations)),
        promise=AccessPromise(closes=tuple(closed), role=wish.role),
        decisions=(*told, *_kept_public(aim)),
        risks=tuple(_risks(aim)),
        alternatives=tuple(_alternatives(wish)),
    )


def _with_items(refusal: Refusal, endpoints: Iterable[Endpoint]) -> Refusal:
    """Return a refusal with the endpoints that it is about."""
    return refusal.model_copy(update={"items": tuple(_shown(endpoint) for endpoint in endpoints)})


def _aim(known: Known, wish: Wish) -> _Aim:
    every = known.project.endpoints
    below = [endpoint for endpoint in every if is_below(endpoint.path, wish.path)]
    if not below:
        raise InputError(f"no endpoint is at or below {wish.path}", hint=nearest(every, wish.path))
    methods = {method.upper() for method in wish.methods}
    of_method = [endpoint for endpoint in below if not methods or endpoint.method in methods]
    if not of_method:
        asked, there = (", ".join(sorted(some)) for some in (methods, {endpoint.method for endpoint in below}))
        raise InputError(f"nothing at or below {wish.path} has the method {asked}", hint=f"there are {there}")
    for path in wish.exceptions:
        if not any(is_below(endpoint.path, path) for endpoint in of_method):
            raise InputError(f"--except {path} leaves out nothing below {wish.path}", hint=nearest(of_method, path))
    named = [one for one in of_method if not any(is_below(one.path, path) for path in wish.exceptions)]
    public = [one for one in named if _changes(one, wish) and stays_public(one) and not is_same(one.path, wish.path)]
    matched = [one for one in named if not any(one is other for other in public)]
    closes = [one for one in matched if _changes(one, wish)]
    return _Aim(tuple(matched), tuple(closes), tuple(public))


def _changes(endpoint: Endpoint, wish: Wish) -> bool:
    """Tell whether other callers may call an endpoint once the wish is fulfilled."""
    return not endpoint.auth.required or (wish.role is not None and not _asks_for(endpoint, wish.role))


def _asks_for(endpoint: Endpoint, role: str) -> bool:
    """Tell whether nobody without a role gets past an endpoint: of several roles a guard wants one, of scopes all."""
    asked = [guard.roles for guard in endpoint.auth.guards if guard.roles]
    is_scope = role in endpoint.auth.roles and not any(role in roles for roles in asked)
    return is_scope or (role,) in asked


def _not_to_be_closed(aim: _Aim) -> Refusal | None:
    """Return why the wish cannot be meant, or cannot be fulfilled for one of its endpoints."""
    logins = [endpoint for endpoint in aim.closes if issues_credentials(endpoint)]
    if logins:
        return Refusal(
            reason=f"{_shown(logins[0])} gives out credentials: with a guard, nobody could get any",
            hint="leave it open, or name a path beside it",
            items=tuple(_shown(endpoint) for endpoint in logins),
        )
    plain = [endpoint for endpoint in aim.closes if endpoint.kind == "plain"]
    if plain:
        paths = " ".join(f"--except {endpoint.path}" for endpoint in plain)
        return Refusal(
            reason=f"{_shown(plain[0])} is a plain route of Starlette, which takes no dependencies",
            hint=f"leave it out ({paths}), or make it a path operation",
            items=tuple(_shown(endpoint) for endpoint in plain),
        )
    return None


def _already(aim: _Aim, wish: Wish) -> Already | Refusal:
    notes = tuple(_kept_public(aim))
    if not aim.matched:
        return Refusal(
            reason=f"all that is open below {wish.path} is what has to be: it gives out credentials, or tells health",
            hint="name one of them by its full path to protect it all the same",
            items=tuple(_shown(endpoint) for endpoint in aim.public),
        )
    who = f"callers who are {wish.role}" if wish.role else "callers with credentials"
    unproven = [endpoint for endpoint in aim.matched if not endpoint.auth.proven]
    doubt = tuple(f"{_shown(one)} claims to, but that could not be seen" for one in unproven)
    count = len(aim.matched)
    there = f"at or below {wish.path} already"
    want = f"the endpoint {there} wants" if count == 1 else f"all {count} endpoints {there} want"
    return Already(reason=f"{want} {who}", notes=(*notes, *doubt))


def _closed(endpoint: Endpoint, chosen: Chosen) -> Closed:
    return Closed(
        method=endpoint.method,
        path=endpoint.path,
        before=endpoint.auth.status,
        was_open=not endpoint.auth.required,
        guard=chosen.guard.shown,
        guard_file=chosen.guard.file or "",
        guard_name=chosen.guard.name,
        expression=chosen.text,
    )


def _told(group: Sequence[Endpoint], chosen: Chosen) -> Iterable[str]:
    kind = "WebSockets" if group[0].kind == "websocket" else "endpoints"
    yield f"{chosen.text}: the guard of other {kind} of this app, from {chosen.guard.file}:{chosen.guard.line}."
    if chosen.others:
        yield f"Not chosen, as they are used less or elsewhere: {', '.join(chosen.others)}."


def _told_place(spot: Spot) -> str:
    if isinstance(spot, AtEndpoint):
        return f"{spot.registration.function} ({spot.registration.file}:{spot.registration.line}) by itself."
    count = len(spot.covers)
    if isinstance(spot, AtInclude):
        return f"Where {spot.router[1]} is included ({spot.include.file}:{spot.include.line}): all {count} of it."
    return f"At the router of {spot.router[0]}:{spot.line}, {spot.router[1]}: all {count} endpoints of it are meant."


def _kept_public(aim: _Aim) -> Iterable[str]:
    if aim.public:
        names = ", ".join(_shown(endpoint) for endpoint in aim.public)
        yield f"Still public, as they have to be to log in, or to tell health: {names}."


def _risks(aim: _Aim) -> Iterable[str]:
    yield "Clients that call these endpoints without credentials are refused from now on: tell their owners first."
    unseen = [endpoint for endpoint in aim.closes if endpoint.auth.status is None or endpoint.auth.status >= 500]
    if unseen:
        names = ", ".join(_shown(endpoint) for endpoint in unseen)
        yield f"These did not answer a bare request as they should before, which hides what changes: {names}."


def _alternatives(wish: Wish) -> Iterable[str]:
    if wish.role is None:
        yield "Only callers with a role: add --role ROLE."
    yield "Some of them stay open: add --except PATH, or --methods POST,PUT,PATCH,DELETE for writes alone."


def _shown(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"
