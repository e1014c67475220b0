"""A bound on the requests of one address, for all endpoints of the API (OWASP API4:2023).

Logging in and its relatives have tighter limits of their own, per account as well.
"""

import ipaddress
import math
import time

from limits import parse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooManyRequests, problem_response
from app.request_counts import Counts

LIMITED_PREFIX = "/api/"


class RateLimitMiddleware:
    """Counts requests per client address and tells each answer how many are left.

    The windows are the clock's, so that their end is known without asking, and one question is enough.
    """

    def __init__(self, app: ASGIApp, *, counts: Counts, limit: str) -> None:
        item = parse(limit)
        self.app = app
        self.counts = counts
        self.amount = item.amount
        self.period = item.get_expiry()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(LIMITED_PREFIX):
            await self.app(scope, receive, send)
            return
        window, elapsed = divmod(time.time(), self.period)
        seconds_left = math.ceil(self.period - elapsed)
        count = await self.counts.incr(f"requests:{client_address(scope)}:{window:.0f}", self.period)
        limit_headers = (
            (b"ratelimit-limit", b"%d" % self.amount),
            (b"ratelimit-remaining", b"%d" % max(0, self.amount - count)),
            (b"ratelimit-reset", b"%d" % seconds_left),
        )

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *limit_headers]
            await send(message)

        if count <= self.amount:
            await self.app(scope, receive, send_with_headers)
        else:
            await problem_response(scope, TooManyRequests(seconds_left))(scope, receive, send_with_headers)


def client_address(scope: Scope) -> str:
    """Return the caller's address; of IPv6 the /64, since a single host has all of it.

    Behind a proxy, uvicorn's `--forwarded-allow-ips` has to name the proxy, or all callers share its address.
    """
    host: str = scope["client"][0] if scope.get("client") else ""
    if ":" not in host:
        return host
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, 64), strict=False).network_address)
