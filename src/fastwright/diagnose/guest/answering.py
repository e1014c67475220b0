"""Send one request to the app in this process, and tell how and why it was answered."""

from __future__ import annotations

import base64
from typing import Any

from fastwright.diagnose.guest.admitting import admit
from fastwright.diagnose.guest.filling import fill
from fastwright.diagnose.guest.hearing import Ear
from fastwright.diagnose.guest.isolation import Scratch
from fastwright.diagnose.guest.locating import Locator
from fastwright.diagnose.guest.seeking import Seeker
from fastwright.diagnose.guest.telling import Teller
from fastwright.diagnose.guest.tokens import trust
from fastwright.project.probe.asking import host
from fastwright.project.probe.calls import Caller
from fastwright.project.probe.places import unwrapped
from fastwright.project.probe.routes import walk

_OWN = frozenset({"host", "content-length"})


async def answer(app: Any, question: dict[str, Any], settings: dict[str, Any], scratch: Scratch) -> dict[str, Any]:
    """Return what the app answered, and every exception on the way to it."""
    routes = list(walk(app))
    ear = Ear(list({id(one.app): one.app for one in [*routes, _Root(app)]}.values()), settings["root"])
    ear.listen()
    caller = Caller(app, host(app), settings["answer_seconds"])
    problem = await caller.start(settings["startup_seconds"])
    if question.get("rows") is not None:
        fill(scratch, question["rows"])
    if question.get("admit"):
        _let_in(question, app, routes, scratch)
    path = question["path"] + (f"?{question['query']}" if question.get("query") else "")
    body = base64.b64decode(question.get("body") or "")
    given = [(name.lower(), value) for name, value in question["headers"] if name.lower() not in _OWN]
    if body:
        given.append(("content-length", str(len(body))))
    headers = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in given]
    ear.forget()
    seeker = Seeker(settings["root"])
    seeker.listen()
    got = await caller.request(question["method"], path, headers=headers, body=body)
    route = _route(routes, got.endpoint, question["method"])
    teller = Teller(settings["root"], Locator(settings["root"], routes[route].view if route is not None else None))
    return {
        "status": got.status,
        "headers": got.headers,
        "body": base64.b64encode(got.body).decode("ascii"),
        "startup": problem,
        "route": route,
        "reached_routes": ear.reached,
        "error": got.error,
        "statements": seeker.statements,
        "sought": seeker.rows,
        "selects": seeker.selects if got.status is None or got.status >= 500 else [],
        "exceptions": [teller.exception(one.error, one.trace) for one in ear.told(got.status)],
    }


def _let_in(question: dict[str, Any], app: Any, routes: list[Any], scratch: Scratch) -> None:
    """Let the caller past the guards of the route, and past what decodes tokens by itself."""
    body = base64.b64decode(question.get("body") or "")
    trust(refreshing="refresh" in question["path"] or b"refresh" in body)
    rows: dict[str, Any] = question.get("rows") or {}
    if question.get("route") is not None:
        admit(routes, question["route"], scratch, app, other=rows.get("other_caller", False))


class _Root:
    """The app itself, which has to be listened to even if all of its routes are in others."""

    def __init__(self, app: Any) -> None:
        self.app = app


def _route(routes: list[Any], endpoint: Any, method: str) -> int | None:
    """Return which of the routes ran, by its endpoint."""
    if endpoint is None:
        return None
    same = [n for n, one in enumerate(routes) if unwrapped(getattr(one.view, "endpoint", None)) is unwrapped(endpoint)]
    for number in same:
        if routes[number].method in (method, "ANY"):
            return number
    return same[0] if same else None
