"""A bound on the requests of one address, for all endpoints of the API (OWASP API4:2023).

Sign-in and its relatives have tighter limits of their own, per account as well.
"""

import ipaddress
import math
import time

from limits import RateLimitItem, parse
from limits.aio.strategies import RateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MEDIA_TYPE, TooManyRequests, problem_body

LIMITED_PREFIX = "/api/"


class RateLimitMiddleware:
    """Counts requests per client address and tells each answer how many are left."""

    def __init__(self, app: ASGIApp, *, limiter: RateLimiter, limit: str) -> None:
        self.app = app
        self.limiter = limiter
        self.item: RateLimitItem = parse(limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(LIMITED_PREFIX):
            await self.app(scope, receive, send)
            return
        address = client_address(scope)
        allowed = await self.limiter.hit(self.item, address)
        window = await self.limiter.get_window_stats(self.item, address)
        seconds = max(1, math.ceil(window.reset_time - time.time()))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Limit"] = str(self.item.amount)
                headers["RateLimit-Remaining"] = str(window.remaining)
                headers["RateLimit-Reset"] = str(seconds)
            await send(message)

        if allowed:
            await self.app(scope, receive, send_with_headers)
        else:
            await _refuse(scope, send_with_headers, seconds)


def client_address(scope: Scope) -> str:
    """Return the caller's address; of IPv6 the /64, since a single host has all of it.

    Behind a proxy, uvicorn's `--forwarded-allow-ips` has to name the proxy, or all callers share its address.
    """
    host: str = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


async def _refuse(scope: Scope, send: Send, seconds: int) -> None:
    error = TooManyRequests(seconds)
    body = problem_body(
        error.status, error.slug, error.title, request_id=scope.get("request_id", ""), detail=error.detail
    )
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(seconds).encode()),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
