"""What is known of an endpoint before it is asked: its models, its dependencies and the guards that these claim."""

from __future__ import annotations

import inspect
from typing import Any

from fastwright.project.probe.dependencies import Node, Trees, chains, flat
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.naming import type_name
from fastwright.project.probe.places import Variables, place, unwrapped
from fastwright.project.probe.reading import body
from fastwright.project.probe.routes import Found


class Levels:
    """Tells where a dependency was attached: at the app, at a router, where it was included, or at the endpoint."""

    def __init__(self, app: Any, variables: Variables) -> None:
        kind = foreign("fastapi").APIRouter
        routers = [one for one in variables.values if isinstance(one, kind) and one is not app.router]
        self._app = {id(one) for one in getattr(app.router, "dependencies", ())}
        self._routers = {id(one) for router in routers for one in router.dependencies}
        # Including a router may leave a copy of its routes in the outer one, with more dependencies than the original.
        self._own: dict[int, list[Any]] = {}
        for route in (route for router in routers for route in router.routes):
            own = list(getattr(route, "dependencies", ()))
            known = self._own.setdefault(id(getattr(route, "endpoint", None)), own)
            if len(own) < len(known):
                self._own[id(route.endpoint)] = own

    def of(self, depends: Any, endpoint: Any) -> str:
        """Return the level of a dependency of `endpoint`."""
        if id(depends) in self._app:
            return "app"
        if id(depends) in self._routers:
            return "router"
        own = self._own.get(id(endpoint))
        return "endpoint" if own is None or any(one is depends for one in own) else "include"


class Describer:
    """Turns routes into data."""

    def __init__(self, app: Any, root: str) -> None:
        self._variables = Variables(root)
        self._trees = Trees(self._variables)
        self._levels = Levels(app, self._variables)

    def endpoint(self, found: Found) -> dict[str, Any]:
        """Return what is known of an endpoint."""
        view = found.view
        dependant = getattr(view, "dependant", None)
        nodes = self._trees.nodes(dependant) if dependant is not None else []
        call = getattr(view, "endpoint", None)
        return {
            "method": found.method,
            "path": found.path,
            "kind": found.kind,
            "name": getattr(unwrapped(call), "__name__", None) or getattr(view, "name", None) or found.kind,
            "place": place(call) if call is not None else {},
            "framework": is_of_framework(view),
            "operation": found.kind == "operation" and bool(getattr(view, "include_in_schema", False)),
            "status": getattr(view, "status_code", None),
            "responses": sorted(map(str, getattr(view, "responses", None) or ())),
            "tags": [str(tag) for tag in getattr(view, "tags", None) or ()],
            "request": _request_model(dependant),
            "response": type_name(getattr(view, "response_model", None)),
            "coroutine": _is_coroutine(call),
            "dependencies": self._attached(found, nodes),
        }

    def _attached(self, found: Found, nodes: list[Node]) -> list[dict[str, Any]]:
        declared = list(getattr(found.view, "dependencies", None) or ())
        fits = [one.dependency for one in declared] == [node.call for node in nodes[: len(declared)]]
        attached: list[dict[str, Any]] = []
        for position, node in enumerate(nodes):
            level = "endpoint"
            if fits and position < len(declared):
                level = self._levels.of(declared[position], found.view.endpoint)
            attached.append(
                {
                    "level": level,
                    "tree": _tree(node),
                    "chains": [[link.data for link in chain] for chain in chains(node)],
                    "scopes": [scope for below in flat([node]) for scope in below.data["scopes"]],
                }
            )
        return attached


def is_of_framework(view: Any) -> bool:
    """Tell whether an endpoint is FastAPI's own, such as that of the documentation."""
    call = unwrapped(getattr(view, "endpoint", None))
    return str(getattr(call, "__module__", "")).split(".")[0] in ("fastapi", "starlette")


def _tree(node: Node) -> dict[str, Any]:
    return {
        "place": node.data["place"],
        "variables": node.data["variables"],
        "kind": node.data["kind"],
        "gives": [name for name in (node.data["wanted"], node.data["returns"]) if name],
        "scheme": node.data["scheme"],
        "below": [_tree(child) for child in node.children],
    }


def _request_model(dependant: Any) -> str | None:
    names = [
        type_name(getattr(field.field_info, "annotation", None) or getattr(field, "type_", None))
        for field in getattr(dependant, "body_params", ())
    ]
    return ", ".join(name for name in names if name) or None


def _is_coroutine(call: Any) -> bool:
    return call is not None and (inspect.iscoroutinefunction(body(call)) or inspect.isasyncgenfunction(body(call)))
