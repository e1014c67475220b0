"""Entity tags (RFC 9110, section 8.8.3), so that nobody overwrites what they have not seen."""

from hashlib import blake2b
from typing import Annotated, Protocol

from fastapi import Header

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
    digest = blake2b(shown.model_dump_json().encode(), digest_size=8)
    return f'"{shown.version}-{digest.hexdigest()}"'


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


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",")]
