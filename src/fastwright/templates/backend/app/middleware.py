"""The one layer around every request: id, security headers, access log and metrics, in pure ASGI.

It is a single layer because each one costs; and it answers what nothing else caught, so that even a 500 has an id.
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MEDIA_TYPE, AppError, problem_body
from app.metrics import Metrics

log = structlog.get_logger("app.access")

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
UNMATCHED = "(unmatched)"

# OWASP secure headers; an API answers no page that could use scripts, frames or a referrer.
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-site",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'"
# The interactive documentation loads its program from a CDN and starts it with an inline script.
DOCS_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; worker-src blob:; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net; connect-src 'self'; "
    "img-src 'self' data: https://fastapi.tiangolo.com; frame-ancestors 'none'"
)
DOCS_PATHS = frozenset({"/docs", "/docs/oauth2-redirect", "/redoc"})


class PlatformMiddleware:
    """Wraps the application; `routes` maps an endpoint to its route template, the only path that is ever recorded."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, routes: Mapping[Callable[..., Any], str]) -> None:
        self.app = app
        self.metrics = metrics
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["request_id"] = request_id
        exchange = _Exchange(scope["path"], request_id, send)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, exchange.send)
            except Exception:
                log.exception("unhandled_error")
                if exchange.status:
                    raise  # half an answer is on its way; the server has to cut the connection
                await _answer_internal_error(request_id, exchange.send)
            finally:
                self._record(scope, exchange.status or 499, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = self.routes.get(scope.get("endpoint", _no_endpoint), UNMATCHED)
        self.metrics.observe(scope["method"] if route != UNMATCHED else "ANY", route, status, seconds)
        log.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 2),
            user_id=scope.get("user_id"),
        )


class _Exchange:
    """One answer on its way out: adds the headers and remembers the status."""

    def __init__(self, path: str, request_id: str, send: Send) -> None:
        self.status = 0
        self._send = send
        self._path = path
        self._request_id = request_id

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._request_id
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            is_docs = self._path in DOCS_PATHS
            headers["Content-Security-Policy"] = DOCS_CONTENT_SECURITY_POLICY if is_docs else CONTENT_SECURITY_POLICY
            headers.setdefault("Cache-Control", "no-store")  # answers depend on who asks (ASVS 14.3.2)
        await self._send(message)


def _request_id(scope: Scope) -> str:
    """Return the caller's request id if it is a sane one, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value.decode("ascii"))
    return uuid4().hex


async def _answer_internal_error(request_id: str, send: Send) -> None:
    body = problem_body(AppError.status, AppError.slug, AppError.title, request_id=request_id)
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": AppError.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _no_endpoint() -> None:
    """Stand in for the endpoint of a request that reached none."""
