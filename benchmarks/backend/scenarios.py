"""What is asked for: each scenario makes requests of its own, in turns through users and items."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from benchmarks.backend.world import PASSWORD, World, email

CALLERS = 20


@dataclass(frozen=True)
class Scenario:
    """`make` returns the next request, as its bytes."""

    name: str
    status: int
    connections: int
    make: Callable[[World, list[str]], Callable[[], bytes]]


def _head(method: str, path: str, token: str = "", body: bytes = b"", kind: str = "application/json") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Origin: https://app.example.com"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _turns(requests: list[bytes]) -> Callable[[], bytes]:
    return itertools.cycle(requests).__next__


def _read(world: World, tokens: list[str]) -> Callable[[], bytes]:
    return _turns(
        [
            _head("GET", f"/api/v1/items/{item}", token)
            for items in zip(*world.owned[: len(tokens)], strict=True)
            for token, item in zip(tokens, items, strict=True)
        ]
    )


def _list(_world: World, tokens: list[str]) -> Callable[[], bytes]:
    return _turns([_head("GET", "/api/v1/items?limit=50", token) for token in tokens])


def _create(_world: World, tokens: list[str]) -> Callable[[], bytes]:
    body = json.dumps({"title": "One more", "description": "words " * 20, "quantity": 3}).encode()
    return _turns([_head("POST", "/api/v1/items", token, body) for token in tokens])


def _log_in(_world: World, tokens: list[str]) -> Callable[[], bytes]:
    bodies = [urlencode({"username": email(n), "password": PASSWORD}).encode() for n in range(len(tokens))]
    return _turns(
        [_head("POST", "/api/v1/auth/token", "", body, "application/x-www-form-urlencoded") for body in bodies]
    )


SCENARIOS = (
    Scenario("read", 200, 32, _read),
    Scenario("list", 200, 32, _list),
    Scenario("create", 201, 32, _create),
    Scenario("login", 200, 4, _log_in),
)


def ask(port: int, method: str, path: str, token: str = "", *, body: Any = None, form: Any = None) -> Any:
    """Return the JSON that is answered to one request."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    kind = "application/json" if body is not None else "application/x-www-form-urlencoded"
    data = json.dumps(body) if body is not None else urlencode(form) if form is not None else None
    connection.request(method, path, data, headers | ({"Content-Type": kind} if data else {}))
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status >= 400:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]!r}")
    return json.loads(text)


def log_in_all(port: int) -> list[str]:
    """Return an access token for each of the callers."""
    forms = [{"username": email(number), "password": PASSWORD} for number in range(CALLERS)]
    return [ask(port, "POST", "/api/v1/auth/token", form=form)["access_token"] for form in forms]


def shown(port: int, token: str, world: World) -> Mapping[str, Any]:
    """Return what a contender shows: the same as all the others, or they are not comparable."""
    created = ask(port, "POST", "/api/v1/items", token, body={"title": "Same", "quantity": 7})
    read = ask(port, "GET", f"/api/v1/items/{world.owned[0][0]}", token)
    return {
        "read": {name: value for name, value in read.items() if not name.endswith("_at")},
        "list": len(ask(port, "GET", "/api/v1/items?limit=50", token)["items"]),
        "created": (created["title"], created["quantity"], created["owner"], created["version"]),
    }
