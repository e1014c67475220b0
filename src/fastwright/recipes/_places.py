"""The narrowest correct place for a dependency: a router where all of it is meant, else each endpoint by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastwright.project.model import Endpoint
from fastwright.project.names import Symbol
from fastwright.recipes._guards import Chosen
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._routes import Include, Registration, Routes


@dataclass(frozen=True)
class AtRouter:
    """At the constructor of a router, for everything that it serves."""

    router: Symbol
    line: int
    covers: tuple[Endpoint, ...]


@dataclass(frozen=True)
class AtInclude:
    """At the one call that includes a router, for everything that the router serves."""

    router: Symbol
    include: Include
    covers: tuple[Endpoint, ...]


@dataclass(frozen=True)
class AtEndpoint:
    """At the decorator of one endpoint."""

    registration: Registration
    covers: tuple[Endpoint, ...]


Spot = AtRouter | AtInclude | AtEndpoint


Has = Callable[[Endpoint], bool]


def places(
    known: Known, routes: Routes, wanted: Sequence[Endpoint], allowed: Sequence[Endpoint], has: Has
) -> tuple[Spot, ...] | Refusal:
    """Return where a dependency goes so that exactly `wanted` get it; `allowed` are those that it may be put on.

    `has` tells of an endpoint for which it would change nothing.
    """
    left = list(wanted)
    spots: list[Spot] = []
    for router in routes.routers():
        served = routes.served(router)
        if _is_whole(served, left, allowed, has):
            spots.append(_at_router(known, routes, router, served))
            left = [endpoint for endpoint in left if not _contains(served, endpoint)]
    while left:
        spot = _at_endpoint(routes, left[0], left, has)
        if isinstance(spot, Refusal):
            return spot
        spots.append(spot)
        left = [endpoint for endpoint in left if not _contains(spot.covers, endpoint)]
    return tuple(spots)


def _is_whole(served: Sequence[Endpoint], wanted: Sequence[Endpoint], allowed: Sequence[Endpoint], has: Has) -> bool:
    """Tell whether a dependency of all of these is for several that want it, and changes nothing for the others."""
    meant = [endpoint for endpoint in served if _contains(wanted, endpoint)]
    return len(meant) > 1 and all(
        _contains(allowed, endpoint) and (_contains(wanted, endpoint) or has(endpoint)) for endpoint in served
    )


def has_guard(endpoint: Endpoint, chosen: Chosen) -> bool:
    """Tell whether the guard decides already: put on once more, it would change nothing."""
    return any(
        (guard.file, guard.name, guard.shown) == (chosen.guard.file, chosen.guard.name, chosen.guard.shown)
        for guard in endpoint.auth.guards
    )


def _contains(endpoints: Sequence[Endpoint], endpoint: Endpoint) -> bool:
    return any(one is endpoint for one in endpoints)


def _at_router(known: Known, routes: Routes, router: Symbol, served: Sequence[Endpoint]) -> Spot:
    """Return the constructor, or the include if that is where this app puts the guards of its routers."""
    levels = [guard.level for endpoint in known.project.endpoints for guard in endpoint.auth.guards]
    includes = routes.included(router)
    if len(includes) == 1 and levels.count("include") > levels.count("router"):
        return AtInclude(router, includes[0], tuple(served))
    return AtRouter(router, routes.line(router), tuple(served))


def _at_endpoint(routes: Routes, endpoint: Endpoint, wanted: Sequence[Endpoint], has: Has) -> AtEndpoint | Refusal:
    registration = routes.of(endpoint)
    name = f"{endpoint.method} {endpoint.path}"
    if registration is None:
        return Refusal(
            reason=f"it cannot be told from the source where {name} is registered",
            hint="do it by hand, or leave it out with --except",
            items=(name,),
        )
    covers = routes.endpoints(registration)
    others = [one for one in covers if not _contains(wanted, one) and not has(one)]
    if others:
        shown = tuple(f"{one.method} {one.path}" for one in others)
        return Refusal(
            reason=f"{name} is registered together with {', '.join(shown)}: it would be for all of them",
            hint=f"name them, too, or register them apart ({registration.file}:{registration.line})",
            items=shown,
        )
    return AtEndpoint(registration, tuple(covers))
