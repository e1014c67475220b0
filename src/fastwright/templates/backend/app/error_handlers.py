"""From an exception to a problem: the one place where failures become answers."""

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.errors import (
    MEDIA_TYPE,
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
    problem_body,
)

log = structlog.get_logger(__name__)

KNOWN = {error.status: error for error in (BadRequest, Unauthenticated, Forbidden, NotFound, PayloadTooLarge)}
MAX_ERRORS = 100


def install_error_handlers(app: FastAPI) -> None:
    """Answer every failure of `app` with a problem."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(IntegrityError, _integrity_error)
    app.add_exception_handler(StaleDataError, _stale_data)
    app.add_exception_handler(OperationalError, _database_away)


def problem_response(
    request: Request, error: AppError | type[AppError], *, errors: list[FieldError] | None = None
) -> Response:
    """Return `error` as the answer to `request`."""
    body = problem_body(
        error.status,
        error.slug,
        error.title,
        request_id=request.scope.get("request_id", ""),
        detail=error.detail if isinstance(error, AppError) else None,
        errors=errors,
    )
    headers = error.headers if isinstance(error, AppError) else None
    return Response(body, error.status, headers, MEDIA_TYPE)


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    return problem_response(request, error, errors=error.errors if isinstance(error, InvalidRequest) else None)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        FieldError(
            location=".".join(str(part) for part in item["loc"])[:1000],
            message=item["msg"][:1000],
            code=item["type"],
        )
        for item in error.errors()[:MAX_ERRORS]
    ]
    return problem_response(request, InvalidRequest(), errors=errors)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = KNOWN.get(error.status_code)
    body = problem_body(
        error.status_code,
        known.slug if known else f"http-{error.status_code}",
        known.title if known else str(error.detail),
        request_id=request.scope.get("request_id", ""),
    )
    return Response(body, error.status_code, dict(error.headers or {}), MEDIA_TYPE)


async def _integrity_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, IntegrityError)
    return problem_response(request, Conflict(_conflict_detail(error)))


def _conflict_detail(error: IntegrityError) -> str:
    """Say which kind of conflict it was; SQLite says it in words, PostgreSQL by its SQLSTATE."""
    code = str(getattr(error.orig, "sqlstate", "") or "")
    words = str(error.orig).lower()
    if code == "23505" or "unique constraint" in words:
        return "a value that has to be unique is already in use"
    if code == "23503" or "foreign key" in words:
        return "a referenced row does not exist, or this row is still referenced"
    return "a rule of the database was violated"


async def _stale_data(request: Request, _error: Exception) -> Response:
    return problem_response(request, PreconditionFailed())


async def _database_away(request: Request, error: Exception) -> Response:
    log.error("database_unavailable", error=type(error).__name__)
    return problem_response(request, ServiceUnavailable(headers={"Retry-After": "5"}))
