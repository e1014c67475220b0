"""Start the app on a scratch database and send it requests, one after the other; what one answers, others may use."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from fastwright.project.probe import tables
from fastwright.project.probe.asking import host
from fastwright.project.probe.calls import Answer, Caller
from fastwright.project.probe.engines import Engines
from fastwright.project.probe.loading import ProbeFailed, load_app
from fastwright.project.probe.routes import walk
from fastwright.proof.guest.admitted import let_through
from fastwright.proof.guest.rows import Rows
from fastwright.proof.guest.walls import Walls

_KEPT = re.compile(r"{{(\w+)}}")
_BODY_KEPT = 400_000


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return what each of the `calls` was answered, and what the startup said if it failed."""
    os.environ.update(request["variables"])
    walls = Walls([request["root"], request["scratch"]])
    engines = Engines(Path(request["scratch"]), walls)
    engines.redirect()
    walls.put_up()
    try:
        app = load_app({**request["entry"], "paths": request["paths"]}, request["root"])
    except ProbeFailed as error:
        return {"problem": str(error)}
    for place, value in request["patches"].items():
        module, _colon, name = place.partition(":")
        setattr(importlib.import_module(module), name, value)
    if request["breaks"]:
        _routed(app).add_api_route(request["breaks"], _break, methods=["GET"], tags=["broken"])
    if engines.tables and request["tables"]:
        tables.create(engines.tables, str(engines.database))
    rows = Rows(engines, flag=request["flag"], vary=request["vary"])
    _admit(app, request["admits"], rows)
    rows.fill(request["fill"])
    startup, answers = asyncio.run(_converse(app, request, str(engines.database)))
    held = {table: _rows(str(engines.database), table) for table in request["rows"]}
    return {"startup": startup, "answers": answers, "rows": held, "refusals": walls.refusals}


def _admit(app: Any, guards: list[dict[str, Any]], rows: Rows) -> None:
    found = list(walk(app)) if guards else []
    for guard in guards:
        for one in found:
            let_through([other.app for other in found], one.view, guard, "admitted", rows.caller)


def _routed(app: Any) -> Any:
    """Return the app itself, below what is wrapped around it."""
    while not hasattr(app, "add_api_route"):
        app = app.app
    return app


def _break() -> None:
    """Fail as an endpoint does that has a fault."""
    raise RuntimeError("the fault that a promise asked for")


def _rows(database: str, table: str) -> list[dict[str, str]]:
    """Return what a table of the scratch database holds, as text; a table that is not there holds nothing."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        try:
            quoted = table.replace('"', '""')
            found = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - the name is the promise's, and quoted
        except sqlite3.OperationalError:
            return []
        names = [column[0] for column in found.description]
        return [{name: str(value) for name, value in zip(names, row)} for row in found]  # noqa: B905 - Python 3.9


def _execute(database: str, statement: str) -> None:
    """Run a statement of the promise, as somebody does who looks after the database."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.executescript(statement)


async def _converse(app: Any, request: dict[str, Any], database: str) -> tuple[str, list[dict[str, Any]]]:
    clock = _Clock()
    caller = Caller(app, host(app), request["each_seconds"], _BODY_KEPT)
    startup = await caller.start(request["startup_seconds"])
    kept: dict[str, str] = {}
    answers: list[dict[str, Any]] = []
    for call in request["calls"]:
        one = _filled(call, kept)
        clock.passed += one["later"]
        if one["sql"]:
            _execute(database, one["sql"])
        answer = Answer()
        for _time in range(one["repeat"]):
            answer = await caller.request(
                one["method"], _path(one), headers=_headers(one), body=_body(one), client=one["client"]
            )
        answers.append(_described(answer))
        kept.update(_worth_keeping(one["keep"], answer))
    return startup, answers


class _Clock:
    """Lets time pass for the app, without anybody waiting."""

    def __init__(self) -> None:
        self.passed = 0.0
        for name in ("time", "monotonic"):
            setattr(time, name, self._shifted(getattr(time, name)))

    def _shifted(self, real: Callable[[], float]) -> Callable[[], float]:
        return lambda: real() + self.passed


def _filled(value: Any, kept: dict[str, str]) -> Any:
    """Return a call with what earlier answers gave in the place of `{{name}}`; what is not known stays."""
    if isinstance(value, str):
        return _KEPT.sub(lambda found: kept.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [_filled(item, kept) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return {name: item if name == "keep" else _filled(item, kept) for name, item in pairs.items()}
    return value


def _path(call: dict[str, Any]) -> str:
    query = urlencode(call["query"], doseq=True)
    return f"{call['path']}?{query}" if query else str(call["path"])


def _headers(call: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    named = dict(call["headers"])
    if call["json"] is not None:
        named.setdefault("content-type", "application/json")
    elif call["form"] is not None:
        named.setdefault("content-type", "application/x-www-form-urlencoded")
    body = _body(call)
    if body:
        named.setdefault("content-length", str(len(body)))
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]


def _body(call: dict[str, Any]) -> bytes:
    if call["json"] is not None:
        return json.dumps(call["json"]).encode()
    if call["form"] is not None:
        return urlencode(call["form"], doseq=True).encode()
    return bytes(call["raw"].encode("latin-1"))


def _described(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "headers": answer.headers,
        "cookies": answer.cookies,
        "body": answer.body[:_BODY_KEPT].decode("utf-8", "replace"),
        "error": answer.error,
    }


def _worth_keeping(wanted: dict[str, str], answer: Answer) -> dict[str, str]:
    """Return what is to be kept of an answer: from its JSON by a pointer, from a header, or from a cookie."""
    found: dict[str, str] = {}
    for name, place in wanted.items():
        kind, _colon, rest = place.partition(":")
        if kind == "header":
            value: Any = answer.headers.get(rest.lower())
        elif kind == "cookie":
            value = answer.cookies.get(rest)
        else:
            value = _at(answer.body, place)
        if value is not None:
            found[name] = str(value)
    return found


def _at(body: bytes, pointer: str) -> Any:
    """Return what a JSON pointer (RFC 6901) leads to, or nothing."""
    try:
        value: Any = json.loads(body)
        for step in pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            value = value[name] if hasattr(value, "keys") else value[int(name)]
    except (ValueError, LookupError, TypeError):
        return None
    return value
