"""Call an app in this process: its lifespan, and requests and WebSockets without credentials."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

_BODY_KEPT = 20_000
_AFTER_ACCEPT = 0.3


@dataclass
class Answer:
    """What came back. `status` is an HTTP status or the code of a closed WebSocket; nothing if there was no end."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    accepted: bool = False
    error: str = ""
    endpoint: Any = None


class Caller:
    """Speaks ASGI with an app. Every request seems to come from another address, so that no rate limit answers."""

    def __init__(self, app: Any, host: str, limit: float, kept: int = _BODY_KEPT) -> None:
        self._app = app
        self._host = host
        self._limit = limit
        self._kept = kept
        self._count = 0
        self._state: dict[str, Any] = {}
        self._lifespan: asyncio.Future[None] | None = None

    async def start(self, limit: float) -> str:
        """Run the startup of the app and return what went wrong, or nothing."""
        told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        waiting = [{"type": "lifespan.startup"}]

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop()
            await asyncio.Event().wait()
            return {}

        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self._state}
        lifespan: asyncio.Future[None] = asyncio.ensure_future(self._app(scope, receive, told.put))
        self._lifespan = lifespan
        answer = asyncio.ensure_future(told.get())
        await asyncio.wait([lifespan, answer], timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            message = answer.result()
            return str(message.get("message", "failed")) if message["type"] == "lifespan.startup.failed" else ""
        answer.cancel()
        if lifespan.done():
            error = lifespan.exception()
            return f"{type(error).__name__}: {error}" if error else ""
        return f"it has not ended after {limit:g} s"

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Sequence[tuple[bytes, bytes]] = (),
        body: bytes = b"",
        client: str = "",
    ) -> Answer:
        """Send a request; `path` may have a query. Without `headers` it has no credentials."""
        answer = Answer()
        scope: dict[str, Any] = {
            **self._scope(path),
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
        }
        scope["headers"] += headers
        scope["client"] = (client, 50_000) if client else scope["client"]
        sent = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if sent:
                return sent.pop()
            await asyncio.Event().wait()
            return {}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = _texts(message.get("headers", ()))
                answer.cookies = _cookies(message.get("headers", ()))
            elif len(answer.body) < self._kept:
                answer.body += message.get("body", b"")

        await self._run(scope, receive, send, answer, self._limit)
        return answer

    async def connect(self, path: str) -> Answer:
        """Open a WebSocket without credentials and see whether it stays open."""
        answer = Answer()
        scope: dict[str, Any] = {**self._scope(path), "type": "websocket", "scheme": "wss", "subprotocols": []}
        sent = [{"type": "websocket.connect"}]
        ended = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if sent:
                return sent.pop()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(ended.wait(), _AFTER_ACCEPT)
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "websocket.accept":
                answer.accepted = True
            elif message["type"] == "websocket.close" and answer.status is None:
                answer.status = int(message.get("code", 1000))
            elif message["type"] == "websocket.http.response.start":
                answer.status = int(message["status"])

        await self._run(scope, receive, send, answer, self._limit)
        return answer

    async def _run(self, scope: dict[str, Any], receive: Any, send: Any, answer: Answer, limit: float) -> None:
        task = asyncio.ensure_future(self._app(scope, receive, send))
        await asyncio.wait({task}, timeout=limit)
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=0.2)
            answer.error = f"no end after {limit:g} s"
        elif not task.cancelled() and task.exception() is not None:
            error = task.exception()
            answer.error = f"{type(error).__name__}: {error}"
        answer.endpoint = scope.get("endpoint")

    def _scope(self, path: str) -> dict[str, Any]:
        self._count += 1
        plain, _mark, query = path.partition("?")
        address = f"10.{self._count // 65_536 % 256}.{self._count // 256 % 256}.{self._count % 256}"
        return {
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "path": unquote(plain),
            "raw_path": plain.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", self._host.encode()), (b"accept", b"*/*"), (b"user-agent", b"fastwright")],
            "client": (address, 50_000),
            "server": (self._host, 443),
            "state": dict(self._state),
        }


def _texts(headers: Any) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _cookies(headers: Any) -> dict[str, str]:
    texts = [value.decode("latin-1") for name, value in headers if name.lower() == b"set-cookie"]
    pairs = [text.partition(";")[0].partition("=") for text in texts]
    return {name.strip(): value.strip() for name, _equals, value in pairs}
