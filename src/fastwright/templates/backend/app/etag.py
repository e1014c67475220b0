"""Entity tags (RFC 9110, section 8.8.3), so that nobody overwrites what they have not seen."""

from hashlib import blake2b
from typing import Annotated, Protocol

from fastapi import Header
from starlette.responses import Response

from app.errors import PreconditionFailed

EntityTags = Annotated[str | None, Header(max_length=200, pattern=r'^(\*|(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*)$')]
IfMatch = EntityTags
IfNoneMatch = EntityTags


class Versioned(Protocol):
    """What a GET shows: a row's version, and all that is shown beside it."""

    version: int

    def model_dump_json(self) -> str: ...


def etag(shown: Versioned) -> str:
    """Return the strong entity tag of a representation: its row's version, and a digest of the whole.

    The version alone would not do: a representation names other rows too, and those change without this one.
    """
    return _tag(shown, shown.model_dump_json().encode())


def tagged(shown: Versioned, status: int = 200, location: str | None = None) -> Response:
    """Return `shown` with its entity tag, as an answer; what is digested is what is sent."""
    body = shown.model_dump_json().encode()
    headers = {"ETag": _tag(shown, body)}
    if location is not None:
        headers["Location"] = location
    return Response(body, status, headers, "application/json")


def unless_current(shown: Versioned, if_none_match: str | None) -> Response:
    """Return `shown` with its entity tag, or 304 if the client has it."""
    answer = tagged(shown)
    current = answer.headers["ETag"]
    return Response(status_code=304, headers={"ETag": current}) if is_current(if_none_match, current) else answer


def require_match(if_match: str | None, version: int) -> None:
    """Raise `PreconditionFailed` if the client has another version of the row; without a tag it is not held to it."""
    if if_match is None or if_match == "*":
        return
    if not any(tag.startswith((f'"{version}-', f'"{version}"')) for tag in _tags(if_match)):
        raise PreconditionFailed


def is_current(if_none_match: str | None, current: str) -> bool:
    """Return whether the client already has the representation with the tag `current` (answer 304)."""
    if if_none_match is None:
        return False
    return if_none_match == "*" or current in (tag.removeprefix("W/") for tag in _tags(if_none_match))


def _tag(shown: Versioned, body: bytes) -> str:
    return f'"{shown.version}-{blake2b(body, digest_size=8).hexdigest()}"'


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",")]
