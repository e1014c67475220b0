"""Endpoints for orchestrators: is the process there, and can it serve."""

from __future__ import annotations

import ast

from fastwright.changes import Change
from fastwright.changes.add_include_router import AddIncludeRouter
from fastwright.changes.operation import Operation
from fastwright.changes.wanted import Import
from fastwright.project.names import Symbol
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.sessions import SessionUse, session_use
from fastwright.recipes._code.parts import Linker, Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._platform.home import Home, home
from fastwright.recipes._platform.promises import NewEndpoints
from fastwright.recipes._public import tells_health
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

# What orchestrators may ask for as well, and does not tell whether the app is well.
_NO_HEALTH = ("/metrics", "/favicon.ico", "/robots.txt")
_LIVE, _READY = "/health", "/health/ready"
_LIBRARIES = {
    "text": Import(module="sqlalchemy", name="text"),
    "SQLAlchemyError": Import(module="sqlalchemy.exc", name="SQLAlchemyError"),
}


class Health(Wish):
    """There is nothing to choose."""


def plan(known: Known, _wish: Health) -> Answer:
    """Return the plan; an app that tells of its health in any way is left as it is."""
    there = [one for one in known.project.endpoints if tells_health(one) and not one.path.endswith(_NO_HEALTH)]
    if there:
        names = ", ".join(f"{one.method} {one.path} ({one.where})" for one in there)
        return Already(reason=f"{names} tells of the app's health")
    place = home(known)
    if isinstance(place, Refusal):
        return place
    use = session_use(known)
    in_app = use is not None and place.file in _homes(use)
    if in_app and "." not in known.project.app.entry and place.target != known.project.app.entry.partition(":")[2]:
        use, in_app = None, False
    operations = _in_app(place, use) if in_app else _in_module(place, use)
    if isinstance(operations, Refusal):
        return operations
    paths = (_LIVE, _READY) if use else (_LIVE,)
    tests = place.test("platform/test_health.py", "health", paths=paths)
    return Plan(
        change=Change(summary=f"add {' and '.join(paths)}", operations=(*operations, *tests)),
        promise=NewEndpoints(dict.fromkeys(paths, '"ok"')),
        decisions=(
            f"{_LIVE} asks nothing: an orchestrator restarts the process when it fails, and that helps no database.",
            *([f"{_READY} asks the database, and is 503 while it does not answer."] if use else []),
            "Both are for anybody, tell nothing of the inside, and stand outside of the API's prefix.",
        ),
        risks=(
            "If the app has a middleware or dependency that asks everybody for credentials, probes need them, too.",
        ),
        alternatives=(f"Keep {_LIVE} from the public at the proxy, where only the orchestrator has to reach it.",),
    )


def _homes(use: SessionUse) -> tuple[str, ...]:
    return (use.alias[0],) if use.alias else (use.home,)


def _in_app(place: Home, use: SessionUse | None) -> list[Operation]:
    """Return the endpoints on the app itself, where the session comes from its own file."""
    parts = [Part(Place(place.file), _code(place, use, place.target))]
    return _linker(place, use).operations(parts)


def _in_module(place: Home, use: SessionUse | None) -> list[Operation] | Refusal:
    if place.known.project.conventions.layout == "layers":
        path: str | Refusal = place.layout.place("router", "health", "health").file
    else:
        path = place.place("health")
    if isinstance(path, Refusal):
        return path
    name = place.layout.router_name(path)
    alias = "health_router" if name == "router" else name
    code = f"{name} = APIRouter()\n\n\n{_code(place, use, name)}"
    purpose = "Whether the process is there, and whether it can serve."
    operations = _linker(place, use).operations([Part(Place(path), code, purpose)])
    imported = place.import_of(name, path).model_copy(update={"alias": alias if alias != name else ""})
    include = AddIncludeRouter(file=place.file, target=place.target, router=alias, imports=(imported,))
    return [*operations, include]


def _code(place: Home, use: SessionUse | None, router: str) -> str:
    is_async = use.is_async if use else place.known.project.conventions.style != "sync"
    return rendered(
        "platform/health.py",
        router=router,
        is_async=is_async,
        live=_LIVE,
        ready=_READY,
        session=use.text if use else "",
        parameter=use.parameter if use else "",
    )


def _linker(place: Home, use: SessionUse | None) -> Linker:
    symbols: dict[str, Symbol] = {}
    libraries = dict(_LIBRARIES)
    if use is not None and use.alias is not None:
        symbols[use.alias[1]] = use.alias
    elif use is not None:
        root = use.dependency.split(".")[0]
        symbols[root] = place.known.names.resolve(use.home, ast.Name(root)) or (use.home, root)
        libraries[use.kind] = Import(module=use.module, name=use.kind)
    return Linker(place.known, place.layout, place.formatting, symbols, libraries)


RECIPE = Recipe(
    name="health",
    summary="whether the app is alive and can serve, for orchestrators",
    wish=Health,
    plan=plan,
    about=(
        "GET /health asks nothing; GET /health/ready asks the database, where the app has one. Proven: they are not "
        "there before, answer anybody after, and nothing else changes."
    ),
)
