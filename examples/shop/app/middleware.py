"""The one layer around every request: id, security headers, access log and metrics, in pure ASGI.

It is a single layer because each one costs, and the outermost, so that no answer gets past it.
"""

import re
import secrets
import time
from collections.abc import Mapping

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.prometheus import Metrics

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
NO_ROUTE = "(none)"
CLIENT_CLOSED_REQUEST = 499

Headers = tuple[tuple[bytes, bytes], ...]

# What OWASP's REST security cheat sheet asks for. An API answers nothing that could use scripts, frames or a referrer.
SECURITY_HEADERS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-site"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
)
API_HEADERS = (*SECURITY_HEADERS, (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"))
# The interactive documentation loads its program from a CDN and starts it with an inline script.
DOCS_POLICY = (
    b"default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; worker-src blob:; "
    b"style-src 'unsafe-inline' https://cdn.jsdelivr.net https://fonts.googleapis.com; "
    b"font-src https://fonts.gstatic.com; img-src 'self' data: https://fastapi.tiangolo.com https://cdn.redoc.ly; "
    b"connect-src 'self'; frame-ancestors 'none'"
)
DOCS_HEADERS = (
    *SECURITY_HEADERS,
    (b"content-security-policy", DOCS_POLICY),
)
DOCS_PATHS = frozenset({"/docs", "/docs/oauth2-redirect", "/redoc"})
# Answers depend on who asks, so nobody may keep them (ASVS 14.3.2), except to ask again with their ETag.
NOT_STORED = (b"cache-control", b"no-store")
ASKED_AGAIN = (b"cache-control", b"private, no-cache")


class PlatformMiddleware:
    """Wraps the application; `routes` maps an endpoint to its route template, the only path that is ever recorded."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, routes: Mapping[object, str]) -> None:
        self.app = app
        self.metrics = metrics
        self.routes = routes
        self.log = structlog.get_logger().bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = scope["request_id"] = _request_id(scope)
        exchange = _Exchange(scope["path"], request_id, send)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, exchange.send)
        finally:
            self._record(scope, exchange.status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = self.routes.get(scope.get("endpoint"), NO_ROUTE)
        self.metrics.observe(scope["method"], route, status, seconds)
        # Neither the path nor the query: they can hold what is nobody's business (CWE-532).
        self.log.info(
            "request", method=scope["method"], route=route, status=status, duration_ms=round(seconds * 1000, 2)
        )


class _Exchange:
    """One answer on its way out: adds the headers and remembers the status."""

    __slots__ = ("_path", "_request_id", "_send", "status")

    def __init__(self, path: str, request_id: str, send: Send) -> None:
        self.status = CLIENT_CLOSED_REQUEST
        self._send = send
        self._path = path
        self._request_id = request_id

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            names = {name for name, _value in headers}
            headers.append((b"x-request-id", self._request_id.encode()))
            headers.extend(DOCS_HEADERS if self._path in DOCS_PATHS else API_HEADERS)
            if b"cache-control" not in names:
                headers.append(ASKED_AGAIN if b"etag" in names else NOT_STORED)
            message["headers"] = headers
        await self._send(message)


def _request_id(scope: Scope) -> str:
    """Return the caller's request id if it is a sane one, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return secrets.token_hex(16)
