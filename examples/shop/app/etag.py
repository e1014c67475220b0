"""Entity tags (RFC 9110, section 8.8.3): the row's version, so that nobody overwrites what they have not seen."""

from typing import Annotated

from fastapi import Header

from app.errors import PreconditionFailed

EntityTags = Annotated[str | None, Header(max_length=200, pattern=r'^(\*|(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*)$')]
IfMatch = EntityTags
IfNoneMatch = EntityTags


def etag(version: int) -> str:
    """Return the strong entity tag of a version."""
    return f'"{version}"'


def require_match(if_match: str | None, version: int) -> None:
    """Raise `PreconditionFailed` if the client has another version; a client that names none is not held to it."""
    if if_match is not None and not _names(if_match, version, weak=False):
        raise PreconditionFailed


def is_current(if_none_match: str | None, version: int) -> bool:
    """Return whether the client already has this version (answer 304)."""
    return if_none_match is not None and _names(if_none_match, version, weak=True)


def _names(header: str, version: int, *, weak: bool) -> bool:
    tags = [tag.strip() for tag in header.split(",")]
    if weak:
        tags = [tag.removeprefix("W/") for tag in tags]
    return "*" in tags or etag(version) in tags
