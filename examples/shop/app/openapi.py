"""The OpenAPI document: what FastAPI knows, and what is true of every operation because of the layers around it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from app.errors import (
    MEDIA_TYPE,
    AppError,
    BadRequest,
    InvalidRequest,
    PayloadTooLarge,
    Problem,
    TooManyRequests,
    Unauthenticated,
)
from app.rate_limit import LIMITED_PREFIX

Json = dict[str, Any]

SCHEME_DESCRIPTION = (
    "A short-lived JSON Web Token, signed with HS256 and checked as RFC8725 asks: fixed algorithm, type, issuer and "
    "audience. A refresh token, which is opaque and works once, gives the next one."
)
DESCRIPTION = """\
Every error is a problem (RFC 9457), with the request id under which it is found in the logs. Lists come in pages: pass
`next_cursor` back as `cursor` for the next one. What has an ETag can be changed with `If-Match`, so that nobody
overwrites what they have not seen.
"""
# The longest texts that these formats have; Pydantic does not say it.
LONGEST = {"uuid": 36, "date": 10, "date-time": 40}
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
    "201": {"Location": {"description": "Where the new resource is found.", "schema": TEXT}},
}
ETAG = {"ETag": {"description": "The version, for If-Match and If-None-Match (RFC 9110).", "schema": TEXT}}


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
    tags: dict[str, Json] = {}
    for path, operation in _operations(document):
        tags.update((tag, {"name": tag}) for tag in operation.get("tags", ()))
        _complete_operation(operation, is_limited=path.startswith(LIMITED_PREFIX))
    _bound_formats(document)
    document["info"].setdefault("description", DESCRIPTION)
    document["tags"] = [tags[name] for name in sorted(tags)]
    return document


def _complete_operation(operation: Json, *, is_limited: bool) -> None:
    responses: Json = operation["responses"]
    responses.pop("422", None)
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _sendable(parameter["schema"])
    # No requirement at all is said explicitly: `{}` means that nobody has to identify themselves here.
    is_guarded = bool(operation.setdefault("security", [{}])[0])
    has_body = "requestBody" in operation
    expected: dict[type[AppError], bool] = {
        AppError: True,
        TooManyRequests: is_limited,
        Unauthenticated: is_guarded,
        InvalidRequest: has_body or "parameters" in operation,
        BadRequest: has_body,
        PayloadTooLarge: has_body,
    }
    for error, can_happen in expected.items():
        if can_happen:
            responses.setdefault(str(error.status), _problem(error))
    for status, response in responses.items():
        headers = response.setdefault("headers", {})
        headers.update(ALWAYS, **(LIMITED if is_limited else {}), **SPECIAL.get(status, {}))
        if status in ("200", "201", "304") and _is_versioned(operation):
            headers.update(ETAG)
    operation["responses"] = dict(sorted(responses.items()))


def _sendable(schema: Json) -> Json:
    """Leave out null: a query or a header cannot carry it, an optional parameter is just not sent."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if not choices:
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**choices[0], **rest} if len(choices) == 1 else {**rest, "anyOf": choices}


def _is_versioned(operation: Json) -> bool:
    """Return whether the answer has an ETag: so it is where one can be sent, and where something is created."""
    names = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    return "201" in operation["responses"] or not names.isdisjoint(("if-match", "if-none-match"))


def _bound_formats(node: object) -> None:
    """Say of every text of a known format how long it can get (OWASP API4:2023)."""
    if isinstance(node, list):
        for item in node:
            _bound_formats(item)
    elif isinstance(node, dict):
        if node.get("type") == "string" and node.get("format") in LONGEST:
            node.setdefault("maxLength", LONGEST[node["format"]])
        for value in node.values():
            _bound_formats(value)


def _problem(error: type[AppError]) -> Json:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": error.title, "content": content}


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        for operation in item.values():
            yield path, operation
