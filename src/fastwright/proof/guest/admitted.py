"""Call the endpoints that a guard closes as somebody whom it lets through.

The dependencies of the app are overridden as its own tests would do it: the guard itself, or, for the wrong role, what
the guard learns its caller from. Nothing in here needs more than Python 3.9.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fastwright.project.probe import tables
from fastwright.project.probe.asking import ask
from fastwright.project.probe.engines import Engines
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.loading import load_app
from fastwright.project.probe.places import place, unwrapped
from fastwright.project.probe.routes import walk
from fastwright.proof.guest.walls import Walls


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


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return what the endpoints of `closes` answer to the caller `as`: a stranger, one let through, or another role."""
    scratch = Path(request["scratch"])
    walls = Walls([request["root"], str(scratch)])
    engines = Engines(scratch, walls)
    engines.redirect()
    walls.put_up()
    app = load_app({**request["entry"], "paths": request["paths"]}, request["root"])
    wanted = {(one["method"], one["path"]): one for one in request["closes"]}
    every = list(walk(app))
    found = [one for one in every if (one.method, one.path) in wanted]
    if request["as"] != "stranger":
        apps = {id(one.app): one.app for one in every}.values()
        for one in found:
            let_through(list(apps), one.view, wanted[one.method, one.path], request["as"])
    if engines.tables:
        tables.create(engines.tables, str(engines.database))
    walls.answering = True
    asked = asyncio.run(ask(app, lambda: found, request["startup_seconds"], request["asking_seconds"]))
    answers: list[dict[str, Any]] = [answer or {} for answer in asked["answers"]]
    return {
        "answers": [
            {"method": one.method, "path": one.path, "status": answer.get("status"), "error": answer.get("error")}
            for one, answer in zip(found, answers)  # noqa: B905 - `strict` is newer than Python 3.9
        ]
    }


def let_through(
    apps: list[Any], view: Any, closed: dict[str, Any], who: str, caller: Callable[[Any], Any] = lambda _guard: Nobody
) -> None:
    """Override the guard of an endpoint, or what it learns its caller from. A mounted app has its own overrides.

    `caller` returns the dependency that stands in for a guard. A guard may stand below others, which only pass its
    caller on.
    """
    for below in _all_below(getattr(view, "dependant", None)):
        if not _is_guard(below.call, closed):
            continue
        replaced = [below.call] if who == "admitted" else [inner.call for inner in below.dependencies if _knows(inner)]
        for call in replaced:
            for app in apps:
                if hasattr(app, "dependency_overrides"):
                    app.dependency_overrides[call] = caller(call)


def _all_below(dependant: Any) -> Iterator[Any]:
    for below in getattr(dependant, "dependencies", ()):
        yield below
        yield from _all_below(below)


def _is_guard(call: Any, closed: dict[str, Any]) -> bool:
    if not closed["guard_file"]:
        inner = unwrapped(call)
        is_scheme = isinstance(inner, foreign("fastapi.security.base").SecurityBase)
        return is_scheme and str(getattr(inner, "scheme_name", "")) == closed["guard_name"]
    known = place(call)
    name = str(known["qualname"] or "").replace(".__call__", "").rpartition(".")[2]
    file = str(known["file"] or "").replace(os.sep, "/")
    if name == closed["guard_name"] and file.endswith("/" + closed["guard_file"]):
        return True
    return any(unwrapped(call) is held for held in _variables(closed["guard_name"], "/" + closed["guard_file"]))


def _variables(name: str, file: str) -> list[Any]:
    """Return what a file of the project holds under a name: a guard that was made by a package."""
    modules = [one for one in list(sys.modules.values()) if str(getattr(one, "__file__", "")).endswith(file)]
    return [unwrapped(getattr(one, name)) for one in modules if hasattr(one, name)]


def _knows(dependant: Any) -> bool:
    """Tell a dependency that looks at credentials: it is a security scheme, or stands on one, or reads a header."""
    scheme = isinstance(unwrapped(dependant.call), foreign("fastapi.security.base").SecurityBase)
    reads = bool(dependant.header_params or dependant.cookie_params)
    return scheme or reads or any(_knows(inner) for inner in dependant.dependencies)
