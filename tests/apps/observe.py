"""Runs in an app's own interpreter and folder: prints what the app says of itself, and how it answers strangers.

Called with one JSON argument: `{"run": {...}, "ask": [[method, path], ...]}`.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def main() -> None:
    asked = json.loads(sys.argv[1])
    run = asked["run"]
    sys.path.insert(0, run.get("path", "."))
    module, _, name = run["app"].partition(":")
    app: Any = getattr(importlib.import_module(module), name)
    if run.get("factory"):
        app = app()
    documented = [[prefix, *operation] for prefix, each in apps(app) for operation in operations(each, prefix)]
    served = [[*endpoint] for prefix, each in apps(app) for endpoint in endpoints(each, prefix)]
    answers = answered(app, asked["ask"])
    print(json.dumps({"documented": documented, "served": served, "answers": answers, "models": models()}))


def apps(app: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the app, and the FastAPI apps that are mounted in it, with their prefixes."""
    yield prefix, app
    for route in app.routes:
        inner = getattr(route, "app", None)
        if type(route).__name__ == "Mount" and hasattr(inner, "openapi"):
            yield from apps(inner, prefix + route.path)


def operations(app: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for path, item in app.openapi()["paths"].items():
        for method in METHODS & item.keys():
            yield method.upper(), prefix + path


def endpoints(app: Any, prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield every endpoint, hidden ones and WebSockets too; the documentation's own routes have no dependencies."""
    contexts = getattr(importlib.import_module("fastapi.routing"), "iter_route_contexts", iter)
    for route in contexts(app.routes):
        if hasattr(route, "dependant"):
            for method in route.methods or {"WEBSOCKET"}:
                yield method, prefix + route.path, route.endpoint.__name__


def answered(app: Any, ask: list[list[str]]) -> list[int]:
    """Ask without credentials and without a body; a WebSocket that is let in counts as 101, one that is not as 403."""
    client_class: Any = importlib.import_module("fastapi.testclient").TestClient
    disconnect: Any = importlib.import_module("starlette.websockets").WebSocketDisconnect
    answers: list[int] = []
    with client_class(app, raise_server_exceptions=False, follow_redirects=False) as client:
        for method, path in ask:
            url = re.sub(r"\{[^}]*\}", "1", path)
            client.cookies.clear()
            if method != "WEBSOCKET":
                answers.append(client.request(method, url).status_code)
                continue
            try:
                with client.websocket_connect(url):
                    answers.append(101)
            except disconnect:
                answers.append(403)
    return answers


def models() -> list[dict[str, Any]]:
    """Return every mapped class that the app imported."""
    if "sqlalchemy.orm" not in sys.modules:
        return []
    orm: Any = sys.modules["sqlalchemy.orm"]
    registries = {mapper.registry for mapper in _mappers(orm)}
    return [_model(mapper) for registry in registries for mapper in registry.mappers]


def _model(mapper: Any) -> dict[str, Any]:
    return {
        "name": mapper.class_.__name__,
        "table": mapper.local_table.name,
        "columns": sorted(column.name for column in mapper.local_table.columns),
        "relations": sorted(relation.key for relation in mapper.relationships),
    }


def _mappers(orm: Any) -> Iterator[Any]:
    for module in list(sys.modules.values()):
        for value in list(getattr(module, "__dict__", {}).values()):
            mapper = getattr(value, "__mapper__", None) if isinstance(value, type) else None
            if isinstance(mapper, orm.Mapper):
                yield mapper


if __name__ == "__main__":
    main()
