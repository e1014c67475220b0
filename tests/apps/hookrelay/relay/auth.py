import hmac

from fastapi import HTTPException, Request
from starlette.responses import JSONResponse

from relay import config


async def verify_api_key(request: Request) -> str:
    """Name of the client that owns the key in X-API-Key."""
    key = request.headers.get("X-API-Key", "")
    for name, known in config.CLIENTS.items():
        if hmac.compare_digest(key.encode(), known.encode()):
            return name
    raise HTTPException(status_code=401, detail="missing or wrong X-API-Key")


class InternalAuthMiddleware:
    """Everything under /internal is for our own cron jobs, which know the secret."""

    def __init__(self, app, prefix: str = "/internal"):
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"].startswith(self.prefix):
            headers = dict(scope["headers"])
            given = headers.get(b"x-internal-secret", b"")
            if not hmac.compare_digest(given, config.INTERNAL_SECRET.encode()):
                response = JSONResponse({"detail": "forbidden"}, status_code=403)
                return await response(scope, receive, send)
        await self.app(scope, receive, send)
