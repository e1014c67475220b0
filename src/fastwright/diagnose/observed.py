"""The answer that somebody got elsewhere: what it says of the request, where that is not at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Loc, Operation, Route
from fastwright.diagnose.examples import sample_request
from fastwright.diagnose.request import Request
from fastwright.errors import InputError

_HINT = 'save the body of the answer, such as {"detail": [...]}, and name the file: --response 422.json'
_PARTS = ("body", "query", "path", "header", "cookie")


@dataclass(frozen=True)
class Complaint:
    """A refusal that the answer tells of."""

    loc: Loc
    type: str
    input: JsonValue | values.Missing
    message: str


@dataclass(frozen=True)
class Observed:
    """What the answer says: single refusals, or a message."""

    complaints: tuple[Complaint, ...]
    message: str = ""


def read_response(text: str) -> Observed:
    """Return what an answer says, with its head or without. Raises `InputError` if it is not JSON."""
    body = re.split(r"\r?\n\r?\n", text, maxsplit=1)[-1] if text.startswith("HTTP/") else text
    try:
        found: Any = json.loads(body)
    except ValueError as error:
        raise InputError(f"the answer is not JSON: {error}", hint=_HINT) from error
    complaints = tuple(listed(found))
    return Observed(complaints, "" if complaints else _message(found))


def listed(answer: object) -> list[Complaint]:
    """Return the single refusals that an answer tells of."""
    return [_complaint(one) for one in _listed(answer) if isinstance(one.get("loc"), list)]


def _listed(found: object) -> list[dict[str, Any]]:
    """Return the refusals in an answer: under `detail`, `errors` or some other key, or as the answer itself."""
    if isinstance(found, dict):
        named = cast("dict[str, Any]", found)
        for key in ("detail", "errors", "error", "details", "message", *named):
            inner = _listed(named.get(key)) if key in named else []
            if inner:
                return inner
        return []
    if isinstance(found, list):
        items = cast("list[Any]", found)
        return [one for one in items if isinstance(one, dict) and "loc" in one]
    return []


def _message(found: object) -> str:
    if isinstance(found, dict):
        named = cast("dict[str, Any]", found)
        return str(next((named[key] for key in ("detail", "message", "error", "title") if key in named), named))
    return str(found)


def _complaint(one: dict[str, Any]) -> Complaint:
    loc = tuple(part if isinstance(part, str | int) else str(part) for part in one["loc"])
    return Complaint(loc, str(one.get("type", "")), one.get("input", values.MISSING), str(one.get("msg", "")))


def reconstructed(observed: Observed, operation: Operation, route: Route, method: str) -> Request:
    """Return a request that should be answered so: a plausible one, with what was refused as the answer shows it."""
    request = sample_request(operation, route, method, full=False)
    for one in _outermost_first(observed.complaints):
        if not one.loc or one.loc[0] not in _PARTS:
            continue
        if one.type == "missing":
            parent = one.input
            if isinstance(parent, dict) and one.loc[0] == "body" and len(one.loc) > 1:
                request = request.set(one.loc[:-1], parent, route)
            request = request.without(one.loc)
        elif not isinstance(one.input, values.Missing) and one.type != "json_invalid":
            request = request.set(one.loc, one.input, route)
    return request


def _outermost_first(complaints: Sequence[Complaint]) -> list[Complaint]:
    return sorted(complaints, key=lambda one: (one.type != "missing", len(one.loc)))
