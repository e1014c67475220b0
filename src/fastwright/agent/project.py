"""What a planner knows about a project: a small view of the project map, read from its JSON or from the map itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

_AUTH_WORDS = ("login", "signin", "sign-in", "token", "register", "signup", "sign-up", "logout", "refresh")


@dataclass(frozen=True)
class Endpoint:
    """One method of one path."""

    method: str
    path: str
    name: str = ""
    required: bool = False
    roles: tuple[str, ...] = ()
    request_model: str | None = None
    response_model: str | None = None

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the path's parts, parameters included."""
        return tuple(part for part in self.path.split("/") if part)

    @property
    def signs_in(self) -> bool:
        """Whether it is one of those by which callers get in: never guarded."""
        static = [part for part in self.segments if not part.startswith("{")]
        return bool(static) and self.method == "POST" and static[-1].lower().replace("_", "-") in _AUTH_WORDS


@dataclass(frozen=True)
class Model:
    """A model, the names of its columns, and the models that it points to."""

    name: str
    table: str = ""
    columns: tuple[str, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ProjectView:
    """The endpoints, the models, and whether there is sign-in (`auth`) and which `roles`."""

    name: str = ""
    prefix: str = ""
    auth: bool = False
    roles: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    models: tuple[Model, ...] = ()


def view(data: Mapping[str, Any]) -> ProjectView:
    """Return the view of a project map; keys that are missing are empty, and those not known are passed over.

    The map of a real project has no `prefix`, `auth` and `roles` among its conventions: they are seen at its endpoints.
    """
    conventions = _mapping(data.get("conventions"))
    endpoints = tuple(_endpoint(one) for one in _mappings(data.get("endpoints")) if one.get("path"))
    seen = [_mapping(one.get("auth")) for one in _mappings(data.get("endpoints"))]
    roles = _items(conventions.get("roles")) if "roles" in conventions else [
        role for auth in seen for role in _items(auth.get("roles"))
    ]  # fmt: skip
    return ProjectView(
        name=str(data.get("name") or ""),
        prefix=str(conventions["prefix"] or "").rstrip("/") if "prefix" in conventions else _prefix(endpoints),
        auth=bool(conventions["auth"]) if "auth" in conventions else _signs_in(conventions, seen),
        roles=tuple(dict.fromkeys(str(role) for role in roles)),
        endpoints=endpoints,
        models=tuple(_model(one) for one in _mappings(data.get("models")) if one.get("name")),
    )


def _signs_in(conventions: Mapping[str, Any], seen: Sequence[Mapping[str, Any]]) -> bool:
    return bool(_items(conventions.get("current_user"))) or any(one.get("guards") or one.get("schemes") for one in seen)


def _prefix(endpoints: Sequence[Endpoint]) -> str:
    """Return the start that most paths share, such as `/api/v1`."""
    prefix = ""
    for size in (1, 2):
        starts = Counter(one.segments[:size] for one in endpoints if len(one.segments) > size)
        ((start, count),) = starts.most_common(1) or [((), 0)]
        if count * 2 > len(endpoints) and _PREFIX.fullmatch("/" + "/".join(start)):
            prefix = "/" + "/".join(start)
    return prefix


_PREFIX = re.compile(r"(/api|/rest)?(/v\d+)?")


def _endpoint(data: Mapping[str, Any]) -> Endpoint:
    auth = _mapping(data.get("auth"))
    return Endpoint(
        method=str(data.get("method") or "GET").upper(),
        path=str(data["path"]),
        name=str(data.get("name") or ""),
        required=bool(auth.get("required")),
        roles=tuple(str(role) for role in _items(auth.get("roles"))),
        request_model=_text(data.get("request_model")),
        response_model=_text(data.get("response_model")),
    )


def _model(data: Mapping[str, Any]) -> Model:
    columns = tuple(str(one["name"]) for one in _mappings(data.get("columns")) if one.get("name"))
    relations = tuple(
        (str(one.get("name") or ""), str(one.get("to") or one.get("target") or ""))
        for one in _mappings(data.get("relations"))
    )
    return Model(name=str(data["name"]), table=str(data.get("table") or ""), columns=columns, relations=relations)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _items(value: object) -> Sequence[Any]:
    return cast("Sequence[Any]", value) if isinstance(value, list | tuple) else ()


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [_mapping(one) for one in _items(value)]
