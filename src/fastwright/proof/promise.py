"""The promise of a change of access: who is refused after it, and was not before; everybody else is answered as before.

A map of the app was made before the change and is made again after it, each with a request without credentials to every
endpoint. What differs between the two must be exactly what was announced, no less and no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from fastwright.project.model import Endpoint, Project

Key = tuple[str, str, int]


class Closed(BaseModel):
    """An endpoint that is to be closed, by which guard, and what a caller without credentials got from it before.

    One that was not open was closed to strangers already, and from now on is so to those without the role.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    path: str
    before: int | None
    was_open: bool
    guard: str
    guard_file: str
    guard_name: str
    expression: str

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"


class AccessPromise(BaseModel):
    """These endpoints, and no others, refuse a caller whom their guard does not let through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    closes: tuple[Closed, ...]
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
    announced = {(one.method, one.path): one for one in promise.closes}
    if old.keys() != new.keys():
        yield from _lost(old, new)
    for key in [key for key in old if key in new]:
        closed = announced.get(key[:2])
        if closed is not None:
            yield from _not_closed(closed, promise.role, old[key], new[key])
        else:
            yield from _not_as_before(old[key], new[key])
    for one in sorted(announced.keys() - {key[:2] for key in old}):
        yield f"{' '.join(one)}: was to be closed, and is not there"


def _lost(old: Mapping[Key, Endpoint], new: Mapping[Key, Endpoint]) -> Iterator[str]:
    yield from (f"{key[0]} {key[1]}: is gone" for key in old.keys() - new.keys())
    yield from (f"{key[0]} {key[1]}: was not there before" for key in new.keys() - old.keys())


def _not_closed(closed: Closed, role: str | None, old: Endpoint, new: Endpoint) -> Iterator[str]:
    name = closed.shown
    if old.auth.required == closed.was_open:
        yield f"{name}: was {who(old)} before the change, which was not expected"
    if not new.auth.required or not new.auth.proven:
        yield f"{name}: a caller without credentials is not refused, but gets {new.auth.status}"
    elif new.auth.refused_by != "guard":
        yield f"{name}: it is not a guard that refuses, but its {new.auth.refused_by}"
    elif (closed.guard_file, closed.guard_name) not in {(guard.file, guard.name) for guard in new.auth.guards}:
        yield f"{name}: refused by {', '.join(sorted(_guards(new)))}, and not by {closed.guard}"
    elif role and role not in new.auth.roles:
        yield f"{name}: any user is let through, not only those who are {role}"


def _not_as_before(old: Endpoint, new: Endpoint) -> Iterator[str]:
    name = f"{new.method} {new.path}"
    if old.auth.status != new.auth.status:
        yield f"{name}: a caller without credentials got {old.auth.status}, and gets {new.auth.status}"
    elif old.auth.required != new.auth.required or old.auth.refused_by != new.auth.refused_by:
        yield f"{name}: was {who(old)}, and is {who(new)}"
    elif _guards(old) != _guards(new) or set(old.auth.roles) != set(new.auth.roles):
        yield f"{name}: its guards are others: was {who(old)}, is {who(new)}"
