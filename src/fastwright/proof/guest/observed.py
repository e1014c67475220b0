"""Which endpoints are called while something else runs: every route that handles a request says so.

Nothing of the answers changes. A request that is refused by its guard or its validation has reached its route, too.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

Called = set[tuple[str, str, str]]


def observed() -> Called:
    """Watch all routes from now on; the set grows as they are called: method, file and name of the function."""
    called: Called = set()
    for module, names in (("starlette.routing", ("Route", "WebSocketRoute")), ("fastapi.routing", ("APIRoute",))):
        if importlib.util.find_spec(module.partition(".")[0]) is None:
            continue
        routing: Any = importlib.import_module(module)
        for kind in (getattr(routing, name) for name in names):
            if "handle" in vars(kind):
                kind.handle = _watched(kind.handle, called)
    return called


def _watched(handle: Any, called: Called) -> Any:
    async def watched(self: Any, scope: Any, receive: Any, send: Any) -> None:
        endpoint: Any = self.endpoint
        while hasattr(endpoint, "__wrapped__"):
            endpoint = endpoint.__wrapped__
        code = getattr(endpoint, "__code__", None)
        if code is not None:
            method = str(scope.get("method", "WEBSOCKET"))
            called.add((method, str(code.co_filename), str(code.co_name)))
        await handle(self, scope, receive, send)

    return watched
