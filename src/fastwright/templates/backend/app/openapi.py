"""The OpenAPI document: what FastAPI knows, and what is true of every operation because of the layers around it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from app.errors import (
    MEDIA_TYPE,
    AppError,
    Forbidden,
    InvalidRequest,
    PayloadTooLarge,
    Problem,
    TooManyRequests,
    Unauthenticated,
)

Json = dict[str, Any]

SCHEME_DESCRIPTION = (
    "A short-lived JSON Web Token, signed with HS256 and checked as RFC8725 asks: fixed algorithm, type, issuer and "
    "audience. A refresh token, which is opaque and works once, gives the next one."
)
INTEGER = {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2**31 - 1}
TEXT = {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"}
ALWAYS = {
    "X-Request-ID": {"description": "The id under which the request is found in the logs.", "schema": TEXT},
    "Access-Control-Allow-Origin": {
        "description": "The caller's origin, if it is on the list of allowed ones; otherwise the header is missing.",
        "schema": TEXT,
    },
}
LIMITED = {
    "RateLimit-Limit": {"description": "Requests allowed in a window.", "schema": INTEGER},
    "RateLimit-Remaining": {"description": "Requests left in this window.", "schema": INTEGER},
    "RateLimit-Reset": {"description": "Seconds until the window ends.", "schema": INTEGER},
}
SPECIAL = {
    "429": {"Retry-After": {"description": "Seconds to wait.", "schema": INTEGER}},
    "401": {"WWW-Authenticate": {"description": "How to authenticate (RFC 6750).", "schema": TEXT}},
}


def install_openapi(app: FastAPI) -> None:
    """Make `app.openapi()` return the completed document, built once."""
    from_routes = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(from_routes())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the documented way to extend the document


def _complete(document: Json) -> Json:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    document["servers"] = [{"url": "/", "description": "This server, production or local", "x-internal": False}]
    for scheme in document["components"].get("securitySchemes", {}).values():
        scheme["description"] = SCHEME_DESCRIPTION
    for path, operation in _operations(document):
        _complete_operation(operation, is_limited=path.startswith("/api/"))
    return document


def _complete_operation(operation: Json, *, is_limited: bool) -> None:
    responses: Json = operation["responses"]
    responses.pop("422", None)
    # No requirement at all is said explicitly: `{}` means that nobody has to identify themselves here.
    guarded = bool(operation.setdefault("security", [{}])[0])
    expected: list[type[AppError]] = [AppError]
    if is_limited:
        expected.append(TooManyRequests)
    if guarded:
        expected.append(Unauthenticated)
    if "parameters" in operation or "requestBody" in operation:
        expected.append(InvalidRequest)
    if "requestBody" in operation:
        expected.append(PayloadTooLarge)
    if "403" in responses:
        expected.append(Forbidden)
    for error in expected:
        responses.setdefault(str(error.status), _problem(error))
    for status, response in responses.items():
        headers = response.setdefault("headers", {})
        headers.update(ALWAYS, **(LIMITED if is_limited else {}), **SPECIAL.get(status, {}))
    operation["responses"] = dict(sorted(responses.items()))


def _problem(error: type[AppError]) -> Json:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": error.title, "content": content}


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        for operation in item.values():
            yield path, operation
