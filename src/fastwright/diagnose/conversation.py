"""Talk with the guest: one process, in the project's own interpreter, for all requests of a diagnosis."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from fastwright.diagnose.answers import Answer, Operation, Route
from fastwright.diagnose.request import Request
from fastwright.project.child import UNCOMPILED, Outcome, end, environment, guest
from fastwright.project.copying import copy_project
from fastwright.project.envfile import example_of_settings, read_env_file
from fastwright.project.errors import ImportFailed, ImportRaised
from fastwright.project.failures import explain
from fastwright.project.interpreter import find_interpreter
from fastwright.project.locate import find_entry
from fastwright.project.places import Places
from fastwright.project.read import read_source
from fastwright.project.where import Where

_IMPORT_SECONDS = 60.0
_STARTUP_SECONDS = 15.0
_ANSWER_SECONDS = 10.0


@dataclass
class Conversation:
    """A guest that has imported the app. Each request that it is sent finds the app as it is after its start."""

    places: Places
    routes: tuple[Route, ...]
    has_tables: bool
    seconds: float
    _process: subprocess.Popen[bytes]
    _told: int
    _rest: bytes = b""
    _known: dict[int, Operation] = field(default_factory=dict[int, Operation])

    def describe(self, route: int) -> Operation:
        """Return what a route wants to be sent."""
        if route not in self._known:
            self._known[route] = Operation(**self._ask({"do": "describe", "route": route}))
        return self._known[route]

    def send(
        self, request: Request, *, admit: bool = False, rows: Mapping[str, Any] | None = None, route: int | None = None
    ) -> Answer:
        """Send a request; `admit` lets its caller past the guards, `rows` are made in the scratch database first."""
        wire = request.wire()
        question = {
            "do": "send",
            "method": wire.method,
            "path": wire.path,
            "query": wire.query,
            "headers": wire.headers,
            "body": base64.b64encode(wire.body).decode("ascii"),
            "admit": admit,
            "rows": rows,
            "route": route,
        }
        told = self._ask(question)
        if "failure" in told:
            message = str(told["failure"]["message"])
            return Answer(error=message, is_fault=True)
        return Answer(**told)

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        asked = cast("IO[bytes]", self._process.stdin)
        asked.write(json.dumps(question).encode() + b"\n")
        asked.flush()
        told, self._rest = read_line(self._told, self._rest, _STARTUP_SECONDS + _ANSWER_SECONDS + 5)
        if told is None:
            return {"failure": {"kind": "ended", "message": "the app does not answer"}}
        return cast("dict[str, Any]", in_project(told, self.places))


def in_project(told: object, places: Places) -> object:
    """Return what the guest told with the files as they are in the project, and none for those outside of it."""
    if isinstance(told, dict):
        named = cast("dict[str, object]", told)
        return {
            key: places.relative(cast("str | None", one)) if key == "file" else in_project(one, places)
            for key, one in named.items()
        }
    if isinstance(told, list):
        return [in_project(one, places) for one in cast("list[object]", told)]
    return places.shown(told) if isinstance(told, str) else told


def read_line(source: int, rest: bytes, limit: float) -> tuple[dict[str, Any] | None, bytes]:
    """Return the next line, parsed, and what came after it; nothing if the other end closed or the time is up."""
    deadline = time.monotonic() + limit
    while b"\n" not in rest:
        ready, _writable, _odd = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(source, 65_536) if ready else b""
        if not part:
            return None, rest
        rest += part
    line, _newline, rest = rest.partition(b"\n")
    return cast("dict[str, Any]", json.loads(line)), rest


@contextlib.contextmanager
def converse(where: Where) -> Generator[Conversation]:
    """Yield a conversation with the app of a project, which runs on a copy; at the end all of it is gone.

    An app that cannot be imported, and comes with an example of its settings, is given that. Raises `ProjectError`,
    which says what is in the way and what to try next.
    """
    with contextlib.ExitStack() as stack:
        try:
            talk = stack.enter_context(_opened(where))
        except ImportRaised:
            example = _example(where)
            if example is None:
                raise
            talk = stack.enter_context(_opened(where.model_copy(update={"env_file": example})))
        yield talk


def _example(where: Where) -> Path | None:
    """Return the example of the settings, where no file with variables was named."""
    if where.env_file is not None:
        return None
    source = read_source(where.project)
    return example_of_settings(source.root, find_entry(source, where.app)[0].base)


@contextlib.contextmanager
def _opened(where: Where) -> Generator[Conversation]:
    source = read_source(where.project)
    variables = read_env_file(where.env_file) if where.env_file else {}
    entry, _others = find_entry(source, where.app)
    python = find_interpreter(source.root, where.python)
    with tempfile.TemporaryDirectory(prefix="fastwright-", ignore_cleanup_errors=True) as temporary:
        copy = Path(temporary).resolve() / "project"
        copy_project(source.root, copy)
        scratch = copy.parent / "scratch"
        scratch.mkdir()
        base = copy / entry.base
        paths = [base, *(path for path in (copy, copy / "src") if path.is_dir() and path != base)]
        request = {
            "scratch": str(scratch),
            "temporary": str(copy.parent),
            "root": str(copy),
            "entry": {"module": entry.module, "attribute": entry.attribute, "paths": [str(path) for path in paths]},
            "seconds": _IMPORT_SECONDS,
            "startup_seconds": _STARTUP_SECONDS,
            "answer_seconds": _ANSWER_SECONDS,
        }
        places = Places(source, copy)
        with _guest(python, request, base, variables) as (process, told):
            first, rest = read_line(told, b"", _IMPORT_SECONDS + 2)
            if first is None or "failure" in first:
                outcome = Outcome(first, first is None and process.poll() is None, process.poll(), _log(scratch), "")
                raise explain(outcome, entry, places, _IMPORT_SECONDS)
            told_routes = cast("list[dict[str, Any]]", in_project(first["routes"], places))
            routes = tuple(Route(**route) for route in told_routes)
            if not routes:
                raise ImportFailed(f"{entry.shown} has no routes", hint="name the app with --app module:attribute")
            yield Conversation(places, routes, bool(first["tables"]), first["seconds"], process, told, rest)


@contextlib.contextmanager
def _guest(
    python: Path, request: dict[str, Any], directory: Path, variables: Mapping[str, str]
) -> Generator[tuple[subprocess.Popen[bytes], int]]:
    scratch = Path(request["scratch"])
    file = scratch / "request.json"
    told, out = os.pipe()
    file.write_text(json.dumps({**request, "out": out}), encoding="utf-8")
    with (scratch / "output.log").open("wb") as output:
        process = subprocess.Popen(
            guest(python, "fastwright.diagnose.guest.serving", file),
            cwd=directory,
            env=environment(python, scratch, {**UNCOMPILED, **variables}),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(out,),
        )
    os.close(out)
    try:
        yield process, told
    finally:
        end(process)
        os.close(told)


def _log(scratch: Path) -> str:
    try:
        return (scratch / "output.log").read_text(encoding="utf-8", errors="replace").rstrip()
    except FileNotFoundError:
        return ""
