"""The promise of a change of access: who is refused after it, and was not before; everybody else is answered as before.

A map of the app was made before the change and is made again after it, each with a request without credentials to every
endpoint. What differs between the two must be exactly what was announced, no less and no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from fastwright.project.model import Endpoint, Guard, Project

Key = tuple[str, str, int]


class Closed(BaseModel):
    """An endpoint that is to be closed, and what a caller without credentials got from it before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    path: str
    before: int | None

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"


class AccessPromise(BaseModel):
    """These endpoints, and no others, refuse a caller whom `guard` does not let through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    closes: tuple[Closed, ...]
    guard: Guard
    expression: str
    role: str | None = None


class AccessChange(BaseModel):
    """Who may call an endpoint, before and after; `status` is what a caller without credentials gets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    path: str
    before: str
    after: str


def keyed(project: Project) -> dict[Key, Endpoint]:
    """Return the endpoints by method, path, and how many with the same came before: two can have the same path."""
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[Key, Endpoint] = {}
    for endpoint in project.endpoints:
        name = endpoint.method, endpoint.path
        found[(*name, seen[name])] = endpoint
        seen[name] += 1
    return found


def access_changes(before: Project, after: Project) -> tuple[AccessChange, ...]:
    """Return every endpoint that another set of callers may call than before."""
    old, new = keyed(before), keyed(after)
    return tuple(
        AccessChange(method=key[0], path=key[1], before=who(old.get(key)), after=who(new.get(key)))
        for key in [*old, *(key for key in new if key not in old)]
        if who(old.get(key)) != who(new.get(key))
    )


def who(endpoint: Endpoint | None) -> str:
    """Return in words who may call an endpoint."""
    if endpoint is None:
        return "not there"
    if not endpoint.auth.required:
        return "anybody"
    guards = _guards(endpoint)
    names = f" by {', '.join(sorted(guards))}" if guards else ""
    return f"refused without credentials{names}{_roles(endpoint)}"


def _guards(endpoint: Endpoint) -> frozenset[str]:
    return frozenset(guard.shown for guard in endpoint.auth.guards)


def _roles(endpoint: Endpoint) -> str:
    return f" ({', '.join(endpoint.auth.roles)})" if endpoint.auth.roles else ""


def broken_promises(promise: AccessPromise, before: Project, after: Project) -> Iterator[str]:
    """Yield each way in which the access after the change is not what was announced, and nothing if it is."""
    old, new = keyed(before), keyed(after)
    announced = {(one.method, one.path) for one in promise.closes}
    if old.keys() != new.keys():
        yield from _lost(old, new)
    for key in old.keys() & new.keys():
        if key[:2] in announced:
            yield from _not_closed(promise, old[key], new[key])
        else:
            yield from _not_as_before(old[key], new[key])
    for one in sorted(announced - {key[:2] for key in old}):
        yield f"{' '.join(one)}: was to be closed, and is not there"


def _lost(old: Mapping[Key, Endpoint], new: Mapping[Key, Endpoint]) -> Iterator[str]:
    yield from (f"{key[0]} {key[1]}: is gone" for key in old.keys() - new.keys())
    yield from (f"{key[0]} {key[1]}: was not there before" for key in new.keys() - old.keys())


def _not_closed(promise: AccessPromise, old: Endpoint, new: Endpoint) -> Iterator[str]:
    name = f"{new.method} {new.path}"
    if old.auth.required:
        yield f"{name}: refused a caller without credentials already before the change"
    if not new.auth.required or not new.auth.proven:
        yield f"{name}: a caller without credentials is not refused, but gets {new.auth.status}"
    elif new.auth.refused_by != "guard":
        yield f"{name}: it is not a guard that refuses, but its {new.auth.refused_by}"
    elif not any(_is_same(promise.guard, guard) for guard in new.auth.guards):
        yield f"{name}: refused by {', '.join(sorted(_guards(new)))}, and not by {promise.guard.shown}"
    elif promise.role and promise.role not in new.auth.roles:
        yield f"{name}: any user is let through, not only those who are {promise.role}"


def _is_same(wanted: Guard, found: Guard) -> bool:
    return (wanted.file, wanted.name) == (found.file, found.name)


def _not_as_before(old: Endpoint, new: Endpoint) -> Iterator[str]:
    name = f"{new.method} {new.path}"
    if old.auth.status != new.auth.status:
        yield f"{name}: a caller without credentials got {old.auth.status}, and gets {new.auth.status}"
    elif old.auth.required != new.auth.required or old.auth.refused_by != new.auth.refused_by:
        yield f"{name}: was {who(old)}, and is {who(new)}"
    elif _guards(old) != _guards(new) or set(old.auth.roles) != set(new.auth.roles):
        yield f"{name}: its guards are others: was {who(old)}, is {who(new)}"
