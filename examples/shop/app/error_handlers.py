"""From an exception to a problem: the one place where failures become answers."""

from http import HTTPStatus

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import (
    AnsweredBefore,
    AppError,
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    InvalidRequest,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    ServiceUnavailable,
    Unauthenticated,
    problem_response,
)

log = structlog.get_logger(__name__)

KNOWN = {error.status: error for error in (BadRequest, Unauthenticated, Forbidden, NotFound, PayloadTooLarge)}
# What asyncpg raises where no server answers is not made an error of SQLAlchemy: the last two.
DATABASE_AWAY = (OperationalError, PoolTimeoutError, ConnectionError, TimeoutError)
# And these of SQLSTATE pass: connection, deadlock, resources, intervention (a statement's timeout is one), and a table
# that the migrations have still to make.
PASSING = ("08", "40", "53", "57", "42P01")
EXPECTED = (AppError, AnsweredBefore, RequestValidationError, HTTPException, StaleDataError, DBAPIError, *DATABASE_AWAY)
MAX_ERRORS = 100


def install_error_handlers(app: FastAPI) -> None:
    """Answer every failure that can be expected with a problem; `FailureMiddleware` answers the others."""
    for expected in EXPECTED:
        app.add_exception_handler(expected, _answer)


class FailureMiddleware:
    """Answers what no handler knows with a bare 500, and logs it.

    Starlette would do that outside of all layers, so that the answer had no request id, and a browser could not read it
    for want of CORS headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def watched_send(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except Exception:
            if has_started or scope["type"] != "http":
                raise  # half an answer is on its way, so the server has to cut the connection
            log.exception("unhandled_error")
            await problem_response(scope, AppError())(scope, receive, send)


async def _answer(request: Request, error: Exception) -> Response:
    if isinstance(error, AnsweredBefore):
        return error.response
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        error.headers = {"Allow": _allowed_methods(request)}
    return problem_response(request.scope, _translate(error))


def _allowed_methods(request: Request) -> str:
    """Return every method of the path (RFC 9110, section 10.2.1): the router names those of its first route only."""
    routes = [each for each in iter_route_contexts(request.app.routes) if each.path_regex.match(request.url.path)]
    methods = {method for each in routes if each.path == routes[0].path for method in each.methods or ()}
    return ", ".join(sorted(methods))


def _translate(error: Exception) -> AppError:
    match error:
        case AppError():
            return error
        case RequestValidationError():
            return InvalidRequest(*(_field_error(item) for item in error.errors()[:MAX_ERRORS]))
        case HTTPException():
            return _http_error(error)
        case IntegrityError():
            return Conflict(_conflict_detail(error))
        case StaleDataError():
            return PreconditionFailed()
        case DBAPIError() if not _is_passing(error):
            raise error
        case _:
            log.error("database_unavailable", reason=str(error))
            return ServiceUnavailable()


def _field_error(item: dict[str, object]) -> FieldError:
    # `input` is left out on purpose. A key of the body can hold half a surrogate pair, which is not JSON.
    location = ".".join(str(part) for part in item["loc"])  # type: ignore[attr-defined]  # a tuple, says Pydantic
    location, message = (text.encode(errors="replace").decode()[:1000] for text in (location, str(item["msg"])))
    return FieldError(location=location, message=message, code=str(item["type"]))


def _http_error(error: HTTPException) -> AppError:
    """Return the problem for what the framework itself refuses: no such route, method, or a body in pieces."""
    status = HTTPStatus(error.status_code)
    detail = error.detail if error.detail != status.phrase else None
    known = KNOWN.get(status)
    problem = (known or AppError)(detail, headers=error.headers)
    if known is None:
        problem.status, problem.title = status.value, status.phrase
        problem.slug = status.phrase.lower().replace(" ", "-")
    return problem


def _is_passing(error: DBAPIError) -> bool:
    """Tell an error that may be gone next time. Of a connection that is cut, asyncpg says strange things itself."""
    state = _sqlstate(error)
    is_of_client = not state and isinstance(error, InterfaceError | InternalError)
    return isinstance(error, OperationalError) or is_of_client or state.startswith(PASSING)


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _conflict_detail(error: IntegrityError) -> str:
    """Say which kind of conflict it was; PostgreSQL says it by its SQLSTATE, SQLite in words."""
    code = _sqlstate(error)
    words = str(error.orig)
    if code == "23505" or words.startswith("UNIQUE"):
        return "a value that has to be unique is already in use"
    if code == "23503" or words.startswith("FOREIGN KEY"):
        return "a referenced row does not exist, or this row is still referenced"
    return "a rule of the database was violated"
