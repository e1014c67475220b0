"""Runs in the interpreter of a project: call the endpoints that a guard closes as somebody whom it lets through.

Called with a request file. The dependencies of the app are overridden as its own tests would do it: the guard itself,
or, for the wrong role, what the guard learns its caller from. Nothing in here needs more than Python 3.9.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import types
from pathlib import Path
from typing import Any


class Nobody:
    """A caller who is nothing and has nothing: every attribute is nobody's, equals nothing, and is false."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_arguments: Any, **_options: Any) -> Any:
        return self

    def __getitem__(self, _key: Any) -> Any:
        return self

    def __bool__(self) -> bool:
        return False

    def __eq__(self, _other: object) -> bool:
        return False

    def __lt__(self, _other: object) -> bool:
        return True

    def __le__(self, _other: object) -> bool:
        return True

    def __gt__(self, _other: object) -> bool:
        return False

    def __ge__(self, _other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def __contains__(self, _item: object) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def main(request_file: str) -> None:
    """Answer the request, and end: threads that the app has started do not keep us."""
    request: dict[str, Any] = json.loads(Path(request_file).read_text(encoding="utf-8"))
    _make_known(Path(request["package"]))
    answers = _answers(request)
    Path(request["result"]).write_text(json.dumps(answers), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)


def _make_known(package: Path) -> None:
    """Make the probe importable without the directory that our package is in, and the project without ours."""
    here = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    for name, directory in (("fastwright", package), ("fastwright.project", package / "project")):
        module = types.ModuleType(name)
        module.__path__ = [str(directory)]
        sys.modules[name] = module


def _answers(request: dict[str, Any]) -> list[dict[str, Any]]:
    from fastwright.project.probe import tables  # noqa: PLC0415
    from fastwright.project.probe.asking import ask  # noqa: PLC0415
    from fastwright.project.probe.engines import Engines  # noqa: PLC0415
    from fastwright.project.probe.fences import Fences  # noqa: PLC0415
    from fastwright.project.probe.loading import load_app  # noqa: PLC0415
    from fastwright.project.probe.routes import walk  # noqa: PLC0415

    scratch = Path(request["scratch"])
    fences = Fences([request["root"], str(scratch)])
    engines = Engines(scratch, fences)
    engines.redirect()
    fences.put_up()
    app = load_app(request["entry"], request["root"])
    wanted = {(one["method"], one["path"]): one for one in request["closes"]}
    every = list(walk(app))
    found = [one for one in every if (one.method, one.path) in wanted]
    if request["as"] != "stranger":
        apps = {id(one.app): one.app for one in every}.values()
        for one in found:
            _let_through(list(apps), one.view, wanted[one.method, one.path], request["as"])
    if engines.tables:
        tables.create(engines.tables, str(engines.database))
    fences.answering = True
    asked = asyncio.run(ask(app, found, request["startup_seconds"], request["asking_seconds"]))
    answers: list[dict[str, Any]] = [answer or {} for answer in asked["answers"]]
    return [
        {
            "method": one.method,
            "path": one.path,
            "status": answer.get("status"),
            "error": answer.get("error"),
        }
        for one, answer in zip(found, answers)  # noqa: B905 - `strict` is newer than Python 3.9
    ]


def _let_through(apps: list[Any], view: Any, closed: dict[str, Any], who: str) -> None:
    """Override the guard of an endpoint, or what it learns its caller from. A mounted app has its own overrides."""
    for below in getattr(getattr(view, "dependant", None), "dependencies", ()):
        if not _is_guard(below.call, closed):
            continue
        replaced = [below.call] if who == "admitted" else [inner.call for inner in below.dependencies if _knows(inner)]
        for call in replaced:
            for app in apps:
                if hasattr(app, "dependency_overrides"):
                    app.dependency_overrides[call] = Nobody


def _is_guard(call: Any, closed: dict[str, Any]) -> bool:
    from fastwright.project.probe.places import place  # noqa: PLC0415

    known = place(call)
    name = str(known["qualname"] or "").replace(".__call__", "").rpartition(".")[2]
    file = str(known["file"] or "").replace(os.sep, "/")
    return name == closed["guard_name"] and file.endswith("/" + closed["guard_file"])


def _knows(dependant: Any) -> bool:
    """Tell a dependency that looks at credentials: it is a security scheme, or stands on one, or reads a header."""
    from fastwright.project.probe.foreign import foreign  # noqa: PLC0415
    from fastwright.project.probe.places import unwrapped  # noqa: PLC0415

    scheme = isinstance(unwrapped(dependant.call), foreign("fastapi.security.base").SecurityBase)
    reads = bool(dependant.header_params or dependant.cookie_params)
    return scheme or reads or any(_knows(inner) for inner in dependant.dependencies)


if __name__ == "__main__":
    main(sys.argv[1])
