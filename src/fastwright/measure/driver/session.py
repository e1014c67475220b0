"""One run of the driver: import the app, and measure it at each size in a process of its own, all from one import."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from fastwright.measure.driver import migrating
from fastwright.measure.driver.callers import Callers
from fastwright.measure.driver.driving import Drive, Ears
from fastwright.measure.driver.frames import Stacks
from fastwright.measure.driver.parameters import is_bounded
from fastwright.measure.driver.postgres import Passage
from fastwright.measure.driver.recording import Recorder
from fastwright.measure.driver.scratch import Scratch
from fastwright.measure.driver.tokens import Tokens
from fastwright.measure.driver.waiting import Waiting
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.loading import ProbeFailed, load_app
from fastwright.project.probe.places import place, unwrapped
from fastwright.project.probe.results import write_result
from fastwright.project.probe.routes import Found, walk


def main(request_file: str) -> None:
    """Answer the request in the file, and end: threads that the app has started do not keep us."""
    request: dict[str, Any] = json.loads(Path(request_file).read_text(encoding="utf-8"))
    try:
        result = migrating.run(request) if request["alembic"] else _measure(request)
    except ProbeFailed as error:
        result = {"failure": error.details}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told to the other side
        result = {"failure": {"kind": "driver", "message": _last_line(error), "trace": traceback.format_exc()[-3000:]}}
    write_result(Path(request["result"]), result)
    sys.stdout.flush()
    os._exit(0)


def _measure(request: dict[str, Any]) -> dict[str, Any]:
    began = time.monotonic()
    directory = Path(request["scratch"])
    server: dict[str, str] = request["server"] or {"socket": "", "name": "database"}
    fences = Passage([request["root"], str(directory)], server["socket"])
    scratch = Scratch(directory, fences, server["socket"], server["name"])
    stacks = Stacks(request["root"])
    waiting = Waiting(stacks)
    ears = Ears(stacks, Recorder(stacks, waiting), waiting)
    tokens = Tokens()
    tokens.listen()
    scratch.redirect()
    ears.recorder.listen()
    waiting.listen()
    fences.put_up()
    app = load_app(request["entry"], request["root"])
    imported = time.monotonic() - began
    every = list(walk(app))
    found = [one for one in every if _is_driven(one, request["methods"])]
    scratch.settle()
    if scratch.mappers:
        foreign("sqlalchemy.orm").configure_mappers()
    callers = Callers(scratch.mappers, tokens)
    apps = list({id(one.app): one.app for one in (*every,)}.values())
    for one in found:
        callers.let_in([app, *apps], one.view)
    fences.answering = True
    drive = Drive(app, found, scratch, ears, callers)
    sizes = _at_each_size(request, drive, scratch, ears)
    return {
        "endpoints": [_described(one, stacks) for one in found],
        "sizes": sizes,
        "refusals": fences.refusals,
        "databases": scratch.replaced,
        "postgres": scratch.is_postgres,
        "seconds": {"import": round(imported, 3), "all": round(time.monotonic() - began, 3)},
    }


def _at_each_size(request: dict[str, Any], drive: Drive, scratch: Scratch, ears: Ears) -> dict[str, dict[str, Any]]:
    """Measure each size in a fork, so that none finds what another one left in the memory of the app."""
    measure = partial(_measure_one, drive=drive, scratch=scratch, ears=ears)
    _still()
    children = {size: _forked(measure, request, size) for size in request["sizes"]}
    found: dict[str, dict[str, Any]] = {}
    for size, child in children.items():
        _pid, status = os.waitpid(child, 0)
        file = _file(request, size)
        if not file.exists():
            raise RuntimeError(f"the app ended its process at size {size} (status {status})")
        found[str(size)] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _still() -> None:
    """Leave it to us when garbage is collected: between requests, as Python's own `timeit` does.

    It also keeps CPython 3.11 alive, which crashes if it collects rows of an app while that makes others
    (docs/decisions/0022).
    """
    gc.collect()
    gc.disable()


def _forked(measure: Callable[[dict[str, Any], int], None], request: dict[str, Any], size: int) -> int:
    child = os.fork()
    if child == 0:
        measure(request, size)
    return child


def _measure_one(request: dict[str, Any], size: int, drive: Drive, scratch: Scratch, ears: Ears) -> None:
    try:
        scratch.use(f"{scratch.name}_{size}")
        result = drive.run(size, request)
        result.update(stacks=ears.stacks.seen, problems=scratch.problems)
    except BaseException as error:  # noqa: BLE001 - a fork must never go on as if it were its parent
        result = {"failure": _last_line(error), "trace": traceback.format_exc()[-3000:]}
    write_result(_file(request, size), result)
    os._exit(0)


def _file(request: dict[str, Any], size: int) -> Path:
    return Path(request["scratch"]) / f"size-{size}.json"


def _is_driven(found: Found, methods: list[str]) -> bool:
    module = str(getattr(unwrapped(getattr(found.view, "endpoint", None)), "__module__", ""))
    framework = module.partition(".")[0] in ("fastapi", "starlette")
    return found.kind == "operation" and not framework and found.method in methods


def _described(found: Found, stacks: Stacks) -> dict[str, Any]:
    known = place(found.view.endpoint)
    file = stacks.own(str(known["file"] or ""))
    handler = {"file": file, "line": known["line"] or 1, "function": str(known["qualname"] or "")} if file else None
    return {"method": found.method, "path": found.path, "handler": handler, "bounded": is_bounded(found.view)}


def _last_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip()[:500]
