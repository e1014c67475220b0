"""Everything that a path leads to, with its full path, on every FastAPI since 0.100.

Up to 0.136 `app.routes` is a flat list; since 0.137 it is a tree, and `iter_route_contexts` walks it. 0.137.0 and
0.137.1 have the tree and not the function, so there the nodes are asked for what is below them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastwright.project.probe.foreign import foreign


@dataclass(frozen=True)
class Found:
    """A method of a route as it is reached: `view` has what includes added, `original` is what the router was given."""

    path: str
    kind: str
    view: Any
    original: Any
    app: Any
    prefix: str
    method: str


def walk(app: Any, prefix: str = "") -> Iterator[Found]:
    """Yield what is reached in `app`, in the order in which it is matched, and in the apps that are mounted in it."""
    routing = foreign("starlette.routing")

    for view, original in _views(app.routes):
        path = prefix + (getattr(view, "path", None) or "")
        kind = _kind(original, routing)
        inner = getattr(view, "app", None)
        if kind in ("mount", "host") and getattr(inner, "routes", None):
            yield from walk(inner, path)
            continue
        for method in _methods(view, kind):
            yield Found(path, kind, view, original, app, prefix, method)


def _methods(view: Any, kind: str) -> list[str]:
    """Return the methods that it answers; HEAD is left out where it only comes along with GET."""
    if kind == "websocket":
        return ["WEBSOCKET"]
    methods: set[str] = set(getattr(view, "methods", None) or ())
    return sorted(methods - {"HEAD"} if "GET" in methods else methods) or ["ANY"]


def _kind(route: Any, routing: Any) -> str:
    if isinstance(route, routing.Mount):
        return "mount"
    if isinstance(route, routing.Host):
        return "host"
    if isinstance(route, routing.WebSocketRoute):
        return "websocket"
    if hasattr(route, "dependant"):
        return "operation"
    return "plain" if getattr(route, "endpoint", None) else "unknown"


def _views(routes: Any) -> Iterator[tuple[Any, Any]]:
    iterate: Any = getattr(foreign("fastapi.routing"), "iter_route_contexts", None)
    if iterate is not None:
        for context in iterate(routes):
            yield context, context.original_route
        return
    for route in routes:
        below: Any = getattr(route, "effective_route_contexts", None)
        if below is None:
            yield route, route
            continue
        for context in below():
            yield context.starlette_route or context, context.original_route
