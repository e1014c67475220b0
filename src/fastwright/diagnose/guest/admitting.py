"""Let a caller in whom the guards of an endpoint accept, as the app's own tests would do it: by overriding them.

Of the way from a security scheme to the endpoint, what stands highest and refuses is overridden: what stands below it
would want real credentials. The stand-in is what the guard says that it returns; a row of the scratch database, if
that is a model.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from typing import Any

from fastwright.diagnose.guest.fields import is_model
from fastwright.diagnose.guest.filling import Filler
from fastwright.diagnose.guest.isolation import Scratch
from fastwright.project.probe import reading
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.places import unwrapped


def admit(routes: list[Any], number: int, scratch: Scratch, root: Any, *, other: bool) -> None:
    """Override the guards of a route, in every app: a mounted one has overrides of its own.

    The caller is an `other` one than those that the request names, if that is wished.
    """
    dependant = getattr(routes[number].view, "dependant", None)
    if dependant is None:
        return
    apps = [root, *(one.app for one in routes)]
    for guard, annotation in _guards(dependant):
        stand_in = StandIn(guard, annotation, scratch, other=other).dependency()
        for app in apps:
            if hasattr(app, "dependency_overrides"):
                app.dependency_overrides.setdefault(guard.call, stand_in)


def _guards(dependant: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the highest guard of every way to a scheme, with the type that is wanted of it."""
    hints = _hints(dependant.call)
    for below in dependant.dependencies:
        if not _looks_at_caller(below):
            continue
        wanted = hints.get(str(below.name))
        if _is_guard(below) or not any(_looks_at_caller(inner) for inner in below.dependencies):
            yield below, wanted
        elif any(_is_scheme(inner.call) for inner in below.dependencies):
            yield below, wanted  # what turns the credentials into a caller, though it never refuses
        else:
            yield from _guards(below)


def _is_guard(dependant: Any) -> bool:
    return not _is_scheme(dependant.call) and (reading.refuses(dependant.call) or reading.raises(dependant.call))


def _looks_at_caller(dependant: Any) -> bool:
    """Tell a dependency that stands on a scheme, or reads the caller's headers and refuses."""
    if _is_scheme(dependant.call):
        return True
    reads = bool(dependant.header_params or dependant.cookie_params or _reads_key(dependant))
    reads = reads or reading.reads_caller(dependant.call)
    if reads and reading.refuses(dependant.call):
        return True
    return any(_looks_at_caller(inner) for inner in dependant.dependencies)


def _reads_key(dependant: Any) -> bool:
    words = ("token", "key", "auth", "secret", "signature")
    return any(word in field.alias.lower() for field in dependant.query_params for word in words)


def _is_scheme(call: Any) -> bool:
    return isinstance(unwrapped(call), foreign("fastapi.security.base").SecurityBase)


def _hints(call: Any) -> dict[str, Any]:
    function = reading.body(call)
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 - names that exist for type checkers alone
        return dict(getattr(function, "__annotations__", {}))


class StandIn:
    """The caller who is let in."""

    def __init__(self, guard: Any, annotation: Any, scratch: Scratch, *, other: bool) -> None:
        self._guard = guard
        self._other = other
        self._scratch = scratch
        returned = _hints(guard.call).get("return")
        kinds = [kind for kind in (*_members(returned), *_members(annotation)) if inspect.isclass(kind)]
        self._kind: Any = next((kind for kind in kinds if kind is not type(None)), None)

    def dependency(self) -> Any:
        """Return what overrides the guard. A row is loaded by the session that the app itself uses."""
        mapper = getattr(self._kind, "__mapper__", None)
        if mapper is None:
            value = self._value()
            return lambda: value
        key = Filler(self._scratch, {}).caller(self._kind, other=self._other)
        if not key:
            raise LookupError(f"no row of {self._kind.__name__} could be made for the caller")
        session = _session(self._guard)
        if session is None:
            return lambda: self._kind(**key)
        if inspect.iscoroutinefunction(getattr(session[1], "get", None)):
            return _async_loader(session[0], self._kind, tuple(key.values()))
        return _loader(session[0], self._kind, tuple(key.values()))

    def _value(self) -> Any:
        if self._kind is None or self._kind in (dict, typing.Any):
            return Anybody({"sub": "1", "id": 1, "username": "ada_l", "email": "ada@example.com", "role": "admin"})
        if self._kind is str:
            return AnyName("ada_l")
        if self._kind is int:
            return AnyNumber(1)
        if is_model(self._kind):
            return _model(self._kind)
        try:
            return self._kind()
        except Exception:  # noqa: BLE001 - a class that wants arguments
            return Anybody({"id": 1})


def _members(annotation: Any) -> list[Any]:
    """Return the types that an annotation allows, and what a generator yields."""
    if annotation is None:
        return []
    if hasattr(annotation, "__metadata__"):
        return _members(annotation.__origin__)
    if inspect.isclass(typing.get_origin(annotation)) and typing.get_origin(annotation) is dict:
        return [dict]
    arguments = typing.get_args(annotation)
    return [kind for one in arguments for kind in _members(one)] if arguments else [annotation]


def _model(kind: Any) -> Any:
    """Return an instance of a Pydantic model: valid if that can be had, else with whatever there is."""
    values: dict[str, Any] = {}
    words = {
        "id": 1,
        "email": "ada@example.com",
        "username": "ada_l",
        "role": "admin",
        "roles": ["admin"],
        "scopes": [],
    }
    for name, info in kind.model_fields.items():
        if name in ("disabled", "is_banned", "banned", "locked", "is_deleted", "deleted"):
            values[name] = False
        elif name.startswith("is_"):
            values[name] = True
        elif info.is_required():
            values[name] = words.get(name, "ada_l" if info.annotation is str else 1 if info.annotation is int else None)
    try:
        return kind(**values)
    except Exception:  # noqa: BLE001 - its validators want more than can be guessed
        return kind.model_construct(**values)


def _session(dependant: Any) -> tuple[Any, Any] | None:
    """Return the dependency that gives the guard its session, with the class of that."""
    hints = _hints(dependant.call)
    for below in dependant.dependencies:
        for kind in (*_members(hints.get(str(below.name))), *_members(_hints(below.call).get("return"))):
            if inspect.isclass(kind) and any(base.__name__ in ("Session", "AsyncSession") for base in kind.__mro__):
                return below.call, kind
        found = _session(below)
        if found is not None:
            return found
    return None


def _loader(session_of: Any, kind: Any, key: Any) -> Any:
    given = foreign("fastapi").Depends(session_of)

    def load(session: Any = given) -> Any:
        return session.get(kind, key if len(key) > 1 else key[0])

    return load


def _async_loader(session_of: Any, kind: Any, key: Any) -> Any:
    given = foreign("fastapi").Depends(session_of)

    async def load(session: Any = given) -> Any:
        return await session.get(kind, key if len(key) > 1 else key[0])

    return load


class Anybody(dict):  # type: ignore[type-arg]
    """A caller of no known type: a dictionary whose entries are attributes, too."""

    def __missing__(self, name: str) -> Any:
        if name == "id" or name.endswith("_id"):
            return 1
        if name in ("roles", "scopes", "permissions", "groups"):
            return ["admin"]
        return True if name.startswith("is_") else "ada_l"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        known: dict[str, Any] = dict(self)  # pyright: ignore[reportUnknownArgumentType]
        if name in known:
            return known[name]
        return name.startswith("is_") and name not in ("is_banned", "is_deleted", "is_locked", "is_disabled")


class AnyNumber(int):
    """A caller who is annotated as a number, and may well be a row."""

    def __getattr__(self, name: str) -> Any:
        return getattr(Anybody({"id": int(self)}), name)


class AnyName(str):
    """A caller who is annotated as a text, and may well be a row."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(Anybody({"id": 1, "username": str(self)}), name)
