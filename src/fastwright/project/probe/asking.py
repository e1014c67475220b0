"""Ask every endpoint without credentials, and write down what it answered."""

from __future__ import annotations

import asyncio
import datetime as dt
import enum
import inspect
import json
import re
import time
import typing
import uuid
from collections.abc import Callable
from typing import Any

from fastwright.project.probe.calls import Answer, Caller
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.places import unwrapped
from fastwright.project.probe.routes import Found
from fastwright.project.probe.threads import waiting_on_the_spot

_SECONDS_EACH = 3.0
_SAMPLES: dict[Any, str] = {
    int: "1",
    float: "1.0",
    bool: "true",
    uuid.UUID: "00000000-0000-4000-8000-000000000000",
    dt.date: "2024-01-01",
    dt.datetime: "2024-01-01T00:00:00Z",
    dt.time: "12:00:00",
}
_CONVERTORS = {"int": "1", "float": "1.0", "uuid": _SAMPLES[uuid.UUID], "path": "x"}
_PLACEHOLDER = re.compile(r"{(\w+)(?::(\w+))?}")


async def ask(app: Any, started: Callable[[], list[Found]], startup: float, total: float) -> dict[str, Any]:
    """Start the app, and ask each of the routes that `started` returns; what there is no time for stays unasked."""
    caller = Caller(app, host(app), _SECONDS_EACH)
    problem = await caller.start(startup)
    found = started()
    _spare_source()
    _spare_other_routers()
    deadline = time.monotonic() + total
    with waiting_on_the_spot():
        answers = [await _answer(caller, route) if time.monotonic() < deadline else None for route in found]
        await asyncio.sleep(0)
    return {"startup": problem, "answers": answers}


async def _answer(caller: Caller, route: Found) -> dict[str, Any]:
    path = sample_path(route)
    if route.kind == "websocket":
        return {**_websocket(await caller.connect(path)), "asked": path}
    answer = await caller.request("GET" if route.method == "ANY" else route.method, path)
    return {**_http(answer, route), "asked": path}


def _spare_source() -> None:
    """Let FastAPI do without the source of an endpoint, which it reads token by token for the text of its errors.

    That takes a quarter of a first request. To have no source is nothing special; nobody else's question is refused.
    """
    file = inspect.getsourcefile

    def getsourcefile(of: Any) -> Any:
        frame = inspect.currentframe()
        if frame and frame.f_back and frame.f_back.f_globals.get("__name__") == "fastapi.routing":
            raise OSError("not looked for")
        return file(of)

    inspect.getsourcefile = getsourcefile


def _spare_other_routers() -> None:
    """Let FastAPI compare a path with the routes of a router only if it has the prefix of that.

    It compares each path with all routes of all routers, so to ask for all takes a time that grows with their square.
    """
    router, nothing = foreign("fastapi.routing").APIRouter, foreign("starlette.routing").Match.NONE
    matches: Any = router.__dict__.get("matches")  # since 0.137; before that, an app has all routes itself

    def matches_its_own(self: Any, scope: Any) -> Any:
        return matches(self, scope) if self.prefix.partition("{")[0] in scope["path"] else (nothing, {})

    if matches is not None:
        router.matches = matches_its_own


def sample_path(found: Found) -> str:
    """Return the path with a plausible value for each of its parameters."""
    dependant = getattr(found.view, "dependant", None)
    types = {field.alias: _annotation(field) for field in getattr(dependant, "path_params", ())}

    def value(match: re.Match[str]) -> str:
        name, convertor = match.groups()
        return _CONVERTORS.get(convertor or "") or sample(types.get(name))

    return _PLACEHOLDER.sub(value, found.path) or "/"


def _annotation(field: Any) -> Any:
    return getattr(field, "type_", None) or getattr(field.field_info, "annotation", None)


def sample(annotation: Any) -> str:
    """Return a plausible value of a type, as it stands in a path."""
    for inner in (annotation, *typing.get_args(annotation)):
        if inner in _SAMPLES:
            return _SAMPLES[inner]
        if isinstance(inner, type) and issubclass(inner, enum.Enum):
            return str(next(iter(inner)).value)
        if typing.get_origin(annotation) is typing.Literal:
            return str(typing.get_args(annotation)[0])
    return "1"


def _http(answer: Answer, route: Found) -> dict[str, Any]:
    reached = unwrapped(answer.endpoint) is unwrapped(getattr(route.view, "endpoint", None))
    # A mount is an endpoint, too: what answers there is a middleware of the app below, or nobody.
    inner = answer.endpoint is not None and not hasattr(answer.endpoint, "routes")
    return {
        "status": answer.status,
        "location": answer.headers.get("location", ""),
        "missing": _missing(answer),
        "routed": inner,
        "reached": reached,
        "error": answer.error[:300],
        "shadow": "" if reached or not inner else getattr(answer.endpoint, "__qualname__", "another endpoint"),
    }


def _websocket(answer: Answer) -> dict[str, Any]:
    closed = answer.status is not None and answer.status not in (1000, 1001)
    return {
        "status": answer.status,
        "accepted": answer.accepted and not closed,
        "error": answer.error[:300],
        "routed": True,
        "reached": True,
        "missing": [],
        "location": "",
        "shadow": "",
    }


def _missing(answer: Answer) -> list[list[str]]:
    """Return what a 422 says is missing, as places: `["header", "x-key"]`."""
    if answer.status != 422:
        return []
    try:
        problems: Any = json.loads(answer.body)["detail"]
        return [[str(part) for part in problem["loc"]] for problem in problems]
    except (ValueError, TypeError, KeyError):
        return []  # the app writes its errors in its own way


def host(app: Any) -> str:
    """Return a host name that the app answers to."""
    for middleware in getattr(app, "user_middleware", ()):
        options: Any = getattr(middleware, "kwargs", None) or getattr(middleware, "options", None) or {}
        for host in options.get("allowed_hosts") or ():
            if host != "*":
                return str(host).replace("*.", "www.")
    return "localhost"
