"""One run of the probe: read the request, put up the fences, import, walk, ask, and write the result.

The result goes to a file. Standard output and standard error belong to the app, which prints what it likes.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import importlib
import json
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from fastwright.project.probe import tables
from fastwright.project.probe.asking import ask
from fastwright.project.probe.endpoints import Describer
from fastwright.project.probe.engines import Engines
from fastwright.project.probe.fences import Fences
from fastwright.project.probe.loading import ProbeFailed, load_app
from fastwright.project.probe.places import really
from fastwright.project.probe.routes import Found, walk

_OURS = Path(__file__).parent.parent.parent


def main(request_file: str) -> None:
    """Answer the request in the file, and end: threads that the app has started do not keep us."""
    gc.disable()  # an import makes little garbage, and looking for it takes a fifth of the time
    request: dict[str, Any] = json.loads(Path(request_file).read_text(encoding="utf-8"))
    threading.Thread(target=_end_with_parent, args=(request.get("temporary"),), daemon=True).start()
    scratch = Path(request["scratch"])
    try:
        result = _look(request, scratch)
    except ProbeFailed as error:
        result = {"failure": error.details}
    partial = scratch / "result.part"
    partial.write_text(json.dumps(result, default=str), encoding="utf-8")
    partial.rename(scratch / "result.json")
    sys.stdout.flush()
    os._exit(0)


def _end_with_parent(temporary: str | None) -> None:
    """Wait until the other end of standard input closes, which is when our parent ends, and then end all of us.

    A parent that was killed has not removed what it made for us.
    """
    os.read(0, 1)
    if temporary:
        os.chdir(temporary)  # removal names entries without their directory, and the fences take them from here
        shutil.rmtree(temporary, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _look(request: dict[str, Any], scratch: Path) -> dict[str, Any]:
    started = time.monotonic()
    # Kept open: the interpreter writes into it, from a thread of its own, where an import hangs.
    stacks = (scratch / "stacks.txt").open("w", encoding="utf-8")
    faulthandler.dump_traceback_later(request["seconds"], file=stacks)
    fences = Fences([request.get("temporary") or request["root"], str(scratch)])
    engines = Engines(scratch, fences)
    engines.redirect()
    fences.put_up()
    app = load_app(request["entry"], request["root"])
    imported = time.monotonic() - started
    routes = list(walk(app))
    describer = Describer(app, request["root"])
    endpoints = [describer.endpoint(found) for found in routes]
    models = tables.describe(engines.mappers, engines.tables)
    if engines.tables:
        tables.create(engines.tables, str(engines.database))
    fences.answering = True
    asked = asyncio.run(_asked(app, routes, endpoints, request))
    faulthandler.cancel_dump_traceback_later()
    return {
        "endpoints": [{**endpoint, "answer": answer} for endpoint, answer in zip(endpoints, asked["answers"])],  # noqa: B905
        "startup": asked["startup"],
        "operations": _operations(app, routes, documents=bool(request.get("documents"))),
        "middleware": _middleware(app),
        "refusals": fences.refusals,
        "databases": engines.replaced,
        "versions": _versions(),
        "modules": _modules(request["root"]),
        "elsewhere": _elsewhere(request["root"]),
        "seconds": {"import": round(imported, 3), "all": round(time.monotonic() - started, 3)},
        **models,
    }


async def _asked(
    app: Any, routes: list[Found], endpoints: list[dict[str, Any]], request: dict[str, Any]
) -> dict[str, Any]:
    worth = [
        found
        for found, endpoint in zip(routes, endpoints)  # noqa: B905
        if found.kind in ("operation", "plain", "websocket") and not endpoint["framework"]
    ]
    asked = await ask(app, worth, request["startup_seconds"], request["asking_seconds"])
    answers = {id(found): answer for found, answer in zip(worth, asked["answers"])}  # noqa: B905
    return {**asked, "answers": [answers.get(id(found)) for found in routes]}


def _operations(app: Any, routes: list[Found], *, documents: bool) -> dict[str, Any]:
    """Return the operations that the OpenAPI documents name, of the app and of those that are mounted in it.

    The documents themselves come along, by the prefix of their app, where they are wanted.
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
    return {"names": names, "problems": problems, "documents": whole if documents else {}}


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


def _modules(root: str) -> list[str]:
    """Return the files of the project that were imported."""
    real = os.path.realpath(root) + os.sep
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    return sorted({file for file in files if isinstance(file, str) and really(file).startswith(real)})


def _elsewhere(root: str) -> list[str]:
    """Return the imported files that belong to neither the project nor the interpreter and its packages."""
    known = tuple(os.path.realpath(path) + os.sep for path in (root, sys.prefix, sys.base_prefix, _OURS))
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    real = {really(file) for file in files if isinstance(file, str)}
    return sorted(file for file in real if not file.startswith(known))
