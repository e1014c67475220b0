"""The routes of the app, and what one of them wants to be sent."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from fastwright.diagnose.guest.fields import Field, every_field, schema_of
from fastwright.diagnose.guest.locating import Locator
from fastwright.diagnose.guest.plain import plain
from fastwright.project.probe import reading
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.places import place, unwrapped
from fastwright.project.probe.routes import Found, walk

_SKIPPED = ("fastapi", "starlette")


class Operations:
    """What can be asked of the app."""

    def __init__(self, app: Any, root: str) -> None:
        self._root = root
        self._found: list[Found] = list(walk(app))
        self._compile: Any = foreign("starlette.routing").compile_path
        self._root_path = str(getattr(app, "root_path", "") or "")

    def routes(self) -> list[dict[str, Any]]:
        """Return every route in the order in which it is matched, with the pattern that its paths match."""
        return [self._route(found) for found in self._found]

    def _route(self, found: Found) -> dict[str, Any]:
        call = getattr(found.view, "endpoint", None)
        module = str(getattr(unwrapped(call), "__module__", "")).split(".")[0]
        pattern, _format, convertors = self._compile(found.path or "/")
        regex = pattern.pattern if found.kind != "mount" else pattern.pattern.rstrip("$")
        return {
            "method": found.method,
            "path": found.path,
            "kind": found.kind,
            "name": getattr(unwrapped(call), "__name__", None) or "",
            "pattern": regex,
            "convertors": {
                name: type(one).__name__.replace("Convertor", "").lower() for name, one in convertors.items()
            },
            "framework": module in _SKIPPED,
            "place": place(call) if call is not None else {},
            "root_path": self._root_path,
        }

    def describe(self, number: int) -> dict[str, Any]:
        """Return the parameters of a route, and what else decides about a request."""
        view = self._found[number].view
        dependant = getattr(view, "dependant", None)
        if dependant is None:
            return {"fields": [], "media": None}
        locator = Locator(self._root, view)
        fields = [self._field(field, locator) for field in every_field(dependant)]
        return {
            "fields": fields,
            "guards": list(_guards(dependant)),
            "media": _media(view),
            "status": getattr(view, "status_code", None),
        }

    def _field(self, field: Field, locator: Locator) -> dict[str, Any]:
        params = foreign("fastapi.params")
        info = field.info
        kind = "file" if isinstance(info, params.File) else "form" if isinstance(info, params.Form) else "json"
        at = locator.locate([field.part] if field.is_whole else [field.part, field.alias])["at"]
        required = bool(info.is_required())
        return {
            "part": field.part,
            "name": field.name,
            "alias": field.alias,
            "kind": kind if field.part == "body" else "text",
            "required": required,
            "default": None if required else plain(info.get_default(call_default_factory=False)),
            "whole": field.is_whole,
            "schema": schema_of(info.annotation, info),
            "owner": getattr(unwrapped(field.owner), "__name__", None) or type(unwrapped(field.owner)).__name__,
            "decorated": _is_decorated(field),
            "at": at,
        }


def _guards(dependant: Any) -> Iterator[dict[str, Any]]:
    """Yield the dependencies that look at the caller: schemes, and those above them with the scheme they stand on."""
    base = foreign("fastapi.security.base").SecurityBase
    for below in dependant.dependencies:
        inner = unwrapped(below.call)
        found = place(below.call)
        known = {"name": getattr(inner, "__name__", type(inner).__name__), "file": found["file"], "line": found["line"]}
        if isinstance(inner, base):
            parameter = getattr(getattr(inner, "model", None), "name", None) or "authorization"
            yield {**known, "file": None, "line": None, "scheme": _scheme(inner), "parameter": str(parameter)}
            continue
        above = list(_guards(below))
        if above:
            yield {**known, **{key: above[-1][key] for key in ("scheme", "parameter") if key in above[-1]}}
        elif reading.refuses(below.call):
            yield {**known, **_read_by(below)}
        yield from above


def _scheme(scheme: Any) -> str:
    """Return the name of the class of FastAPI that a scheme is, or is made from."""
    own = [kind.__name__ for kind in type(scheme).__mro__ if kind.__module__.startswith("fastapi.security")]
    return own[0] if own else type(scheme).__name__


def _read_by(dependant: Any) -> dict[str, Any]:
    """Return which parameter of the request a guard without a scheme looks at."""
    for part in ("header", "cookie", "query"):
        for field in getattr(dependant, f"{part}_params"):
            return {"part": part, "parameter": field.alias}
    text = reading.source(reading.body(dependant.call))
    named = re.search(r"""(headers|cookies|query_params)(?:\.get\(|\[)\s*["']([\w-]+)["']""", text)
    if named is None:
        return {}
    return {"part": {"headers": "header", "cookies": "cookie"}.get(named[1], "query"), "parameter": named[2]}


def _is_decorated(field: Field) -> bool:
    """Tell whether the parameter is the `*args` or `**kwargs` of a function that FastAPI took for the real one."""
    try:
        parameters = inspect.signature(field.owner).parameters
    except (TypeError, ValueError):
        return False
    parameter = parameters.get(field.name)
    return parameter is not None and parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)


def _media(view: Any) -> str | None:
    body = getattr(view, "body_field", None)
    return getattr(body.field_info, "media_type", None) if body is not None else None
