"""How Conduit says no: `{"errors": {SUBJECT: [MESSAGE]}}`, made of the backend's own errors."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import override

from app.errors import AppError, Unauthenticated


class Refused(AppError):
    """A request that Conduit refuses, and which part of it is why."""

    def __init__(self, status: int, subject: str, *messages: str) -> None:
        super().__init__()
        self.status = status
        self.subject = subject
        self.messages = messages


class ConduitRoute(APIRoute):
    """Turns what an endpoint refuses into `Refused`. It is raised and not answered here, so that the session rolls back."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_or_refuse(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise _invalid(error) from None
            except Unauthenticated:
                sent = "Authorization" in request.headers
                raise Refused(401, "token", "is invalid" if sent else "is missing") from None

        return handle_or_refuse


async def answer_refused(_request: Request, error: Exception) -> Response:
    """Return the answer to a request that was refused."""
    refused = error if isinstance(error, Refused) else Refused(500, "server", "error")
    return JSONResponse({"errors": {refused.subject: refused.messages}}, refused.status)


def _invalid(error: RequestValidationError) -> Refused:
    first = error.errors()[0]
    is_blank = first["type"] == "missing" or not first["input"]
    return Refused(422, str(first["loc"][-1]), "can't be blank" if is_blank else first["msg"])
