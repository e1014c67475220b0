"""Which names the application answers to, for a setup in which somebody else's name could reach it (CWE-346)."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import BadRequest, problem_response

# An orchestrator probes containers by their address.
PROBED_PREFIX = "/health/"


class HostMiddleware:
    """Refuses requests whose Host header is not in `allowed`; an empty list allows any."""

    def __init__(self, app: ASGIApp, *, allowed: list[str]) -> None:
        self.app = app
        self.allowed = frozenset(host.lower().encode("idna") for host in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_allowed(scope):
            await self.app(scope, receive, send)
        else:
            await problem_response(scope, BadRequest("this host is not served here"))(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        if not self.allowed or scope["type"] != "http" or scope["path"].startswith(PROBED_PREFIX):
            return True
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        return host.partition(b":")[0].lower() in self.allowed
