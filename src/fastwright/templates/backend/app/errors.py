"""Every error as `application/problem+json` (RFC 9457), with a request id and without internals.

AppError
├── BadRequest 400         ├── Conflict 409              ├── InvalidRequest 422
├── Unauthenticated 401    ├── PreconditionFailed 412    ├── TooManyRequests 429
├── Forbidden 403          └── PayloadTooLarge 413       └── ServiceUnavailable 503
└── NotFound 404
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.types import Scope

MEDIA_TYPE = "application/problem+json"

Text = Annotated[str, Field(max_length=1000, pattern=r"^[\s\S]*$")]


class FieldError(BaseModel):
    """One thing that is wrong with a request; never repeats the value, which could be a password."""

    model_config = ConfigDict(extra="forbid")

    location: Text
    message: Text
    code: Text


class Problem(BaseModel):
    """Problem details of RFC 9457, with the id under which the request is found in the logs."""

    model_config = ConfigDict(extra="forbid")

    type: Text
    title: Text
    status: Annotated[int, Field(ge=400, le=599, json_schema_extra={"format": "int32"})]
    detail: Text | None = None
    request_id: Text
    errors: Annotated[list[FieldError], Field(max_length=100)] | None = None


class AppError(Exception):
    """An expected failure. The class is the kind of problem, `detail` is what is special about this one."""

    status: int = 500
    slug: str = "internal-error"
    title: str = "Internal server error"
    errors: Sequence[FieldError] = ()
    # What was written before an error is rolled back, unless it is what the error is about (the end of a login, say).
    keeps_changes: ClassVar[bool] = False

    def __init__(self, detail: str | None = None, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = dict(headers or {})


class BadRequest(AppError):
    status = 400
    slug = "bad-request"
    title = "The request cannot be understood"


class Unauthenticated(AppError):
    status = 401
    slug = "unauthenticated"
    title = "Authentication is required"

    def __init__(self, detail: str | None = None, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer", **(headers or {})})


class Forbidden(AppError):
    status = 403
    slug = "forbidden"
    title = "This is not permitted"


class NotFound(AppError):
    status = 404
    slug = "not-found"
    title = "Not found"


class Conflict(AppError):
    status = 409
    slug = "conflict"
    title = "The request conflicts with what is stored"


class PreconditionFailed(AppError):
    status = 412
    slug = "precondition-failed"
    title = "The resource was changed in the meantime"


class PayloadTooLarge(AppError):
    status = 413
    slug = "payload-too-large"
    title = "The request body is too large"


class InvalidRequest(AppError):
    status = 422
    slug = "invalid-request"
    title = "The request is not valid"

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


class TooManyRequests(AppError):
    status = 429
    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} seconds", headers={"Retry-After": str(retry_after)})


class ServiceUnavailable(AppError):
    status = 503
    slug = "service-unavailable"
    title = "The service is not ready"

    def __init__(self, detail: str | None = None, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "5", **(headers or {})})


class AnsweredBefore(Exception):
    """No failure: the request was sent before, and `response` is what was answered then."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def problem_response(scope: Scope, error: AppError) -> Response:
    """Return `error` as the answer to the request of `scope`; members that are not known are left out."""
    problem = Problem(
        type=f"/problems/{error.slug}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        request_id=scope.get("request_id", ""),
        errors=list(error.errors) or None,
    )
    return Response(problem.model_dump_json(exclude_none=True), error.status, error.headers, MEDIA_TYPE)


def problems(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Return what `responses=` of an endpoint or a router takes to document these errors."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {error.status: {"description": error.title, "content": content} for error in errors}
