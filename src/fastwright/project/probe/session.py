"""One run of the probe: put up the fences, be told what is wanted, import, walk, ask, and write the result.

The result goes to files. Standard output and standard error belong to the app, which prints what it likes.
"""

from __future__ import annotations

import _thread
import asyncio
import contextlib
import faulthandler
import gc
import importlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from fastwright.project.probe import tables
from fastwright.project.probe.aside import Aside
from fastwright.project.probe.asking import ask
from fastwright.project.probe.endpoints import Describer, is_of_framework
from fastwright.project.probe.engines import Engines
from fastwright.project.probe.fences import Fences
from fastwright.project.probe.loading import ProbeFailed, load_app, require_fastapi
from fastwright.project.probe.places import really
from fastwright.project.probe.results import write_result
from fastwright.project.probe.routes import Found, walk

_OURS = Path(__file__).parent.parent.parent


def main(directory: str) -> None:
    """Get ready, be told what to look at, and end: threads that the app has started do not keep us.

    All that is written is written below the directory.
    """
    gc.disable()  # an import makes little garbage, and looking for it takes a fifth of the time
    scratch = Path(directory) / "scratch"
    fences = Fences([directory])
    engines = Engines(scratch, fences)
    engines.redirect()
    fences.put_up()
    with contextlib.suppress(ProbeFailed):  # raised again when the app is loaded
        require_fastapi()
    line = os.dup(0)  # an app may close its standard input, or put something else there
    request = _request(line, directory)
    # Not by `threading`: an app that replaces that, as gevent does, would have to replace this thread, too.
    _thread.start_new_thread(_end_with_parent, (line, directory))
    os.chdir(request["directory"])
    try:
        result = _look(request, scratch, fences, engines, line)
    except ProbeFailed as error:
        result = {"failure": error.details}
    write_result(scratch / "result.json", result)
    sys.stdout.flush()
    with contextlib.suppress(OSError):  # even that may be closed; then our end is what is waited for
        os.write(line, b"\n")  # whoever waits need not wait until all of us is gone
    os._exit(0)


def _request(line: int, place: str) -> dict[str, Any]:
    """Return what we are told, which is one line of JSON."""
    told = b""
    while not told.endswith(b"\n"):
        part = os.read(line, 65_536)
        if not part:
            _vanish(place)
        told += part
    request: dict[str, Any] = json.loads(told)
    return request


def _end_with_parent(line: int, place: str) -> None:
    """Wait until the other end of the line closes, which is when our parent ends, and then end all of us."""
    os.read(line, 1)
    _vanish(place)


def _vanish(place: str) -> None:
    """End this process and its group. A parent that was killed has not removed what it made for us."""
    os.chdir(place)  # removal names entries without their directory, and the fences take them from here
    shutil.rmtree(place, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _look(request: dict[str, Any], scratch: Path, fences: Fences, engines: Engines, line: int) -> dict[str, Any]:
    started = time.monotonic()
    # Kept open: the interpreter writes into it, from a thread of its own, where an import hangs.
    stacks = (scratch / "stacks.txt").open("w", encoding="utf-8")
    faulthandler.dump_traceback_later(max(0.1, request["imported_until"] - time.time()), file=stacks)
    app = load_app(request["entry"], request["root"])
    imported = time.monotonic() - started
    models = tables.describe(engines.mappers, engines.tables)
    created = Aside(lambda: tables.create(engines.tables, str(engines.database)), request["startup_seconds"])
    if engines.tables:
        tables.bracket_defaults()
        created.begin()
    routes = list(walk(app))  # again when it has started, and much faster then: what startups add is there
    if engines.tables:
        created.finish()
    fences.answering = True
    # Neither needs the other: what the source claims is read while the app is asked.
    described = Aside(lambda: _describe(app, routes, request, scratch, line), request["asking_seconds"])
    asked = asyncio.run(_asked(app, routes, request, described))
    files = _imported_files(request["root"])
    described.finish()
    faulthandler.cancel_dump_traceback_later()
    return {
        **asked,
        **files,
        "middleware": _middleware(app),
        "refusals": fences.refusals,
        "databases": engines.replaced,
        "versions": _versions(),
        "seconds": {"import": round(imported, 3), "all": round(time.monotonic() - started, 3)},
        **models,
    }


def _describe(app: Any, routes: list[Found], request: dict[str, Any], scratch: Path, line: int) -> None:
    """Write down what the source claims of the routes, and say so, before what takes longer."""
    describer = Describer(app, request["root"])
    write_result(scratch / "described.json", [describer.endpoint(found) for found in routes])
    with contextlib.suppress(OSError):
        os.write(line, b"d")  # whoever waits can begin with that
    write_result(scratch / "operations.json", _operations(app, routes) if request["documented"] else {})


async def _asked(app: Any, routes: list[Found], request: dict[str, Any], described: Aside) -> dict[str, Any]:
    worth: list[Found] = []

    def started() -> list[Found]:
        routes[:] = walk(app)
        described.begin()
        asked = (found for found in routes if found.kind in ("operation", "plain", "websocket"))
        worth.extend(found for found in asked if not is_of_framework(found.view))
        return worth

    asked = await ask(app, started, request["startup_seconds"], request["asking_seconds"])
    answers = {id(found): answer for found, answer in zip(worth, asked["answers"])}  # noqa: B905
    return {**asked, "answers": [answers.get(id(found)) for found in routes]}


def _operations(app: Any, routes: list[Found]) -> dict[str, Any]:
    """Return the OpenAPI documents of the app and of those that are mounted in it, by the prefix of each.

    With them come the operations that they name.
    """
    prefixes = {id(app): ("", app)}
    for found in routes:
        prefixes.setdefault(id(found.app), (found.prefix, found.app))
    names: list[str] = []
    problems: list[str] = []
    whole: dict[str, Any] = {}
    for prefix, one in prefixes.values():
        if not hasattr(one, "openapi"):
            continue
        try:
            document: dict[str, Any] = one.openapi()
        except Exception as error:  # noqa: BLE001 - whatever the models raise is told
            problems.append(f"{type(error).__name__}: {error}"[:300])
            continue
        paths: dict[str, Any] = document.get("paths", {})
        names += [f"{method.upper()} {prefix}{path}" for path, methods in paths.items() for method in methods]
        whole.setdefault(prefix, document)
    return {"names": names, "problems": problems, "documents": whole}


def _middleware(app: Any) -> list[dict[str, Any]]:
    classes = [getattr(middleware, "cls", None) for middleware in getattr(app, "user_middleware", ())]
    return [
        {"name": getattr(one, "__name__", str(one)), "module": getattr(one, "__module__", None)}
        for one in classes
        if one
    ]


def _versions() -> dict[str, str]:
    found = {"python": ".".join(str(part) for part in sys.version_info[:3])}
    for name in ("fastapi", "starlette", "pydantic", "sqlalchemy", "sqlmodel"):
        if name in sys.modules:
            found[name] = str(getattr(importlib.import_module(name), "__version__", "?"))
    return found


def _imported_files(root: str) -> dict[str, list[str]]:
    """Return the imported files of the project, and those of neither it nor the interpreter and its packages."""
    own, *known = (os.path.realpath(path) + os.sep for path in (root, sys.prefix, sys.base_prefix, _OURS))
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    real = {file: really(file) for file in files if isinstance(file, str)}
    return {
        "modules": sorted(file for file, at in real.items() if at.startswith(own)),
        "elsewhere": sorted({at for at in real.values() if not at.startswith((own, *known))}),
    }
