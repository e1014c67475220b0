"""Requests that an app refuses: what a person gets who asks for nothing, for too little, or without credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Call
from fastwright.recipes._platform.asking import NOWHERE
from fastwright.recipes._platform.finding import mounts
from fastwright.recipes._recipe import Known

_PARAMETER = re.compile(r"{[^}]*}")
_EACH = 4


def refused(known: Known) -> tuple[Call, ...]:
    """Return requests that should be refused: not found, not allowed, without credentials, and not valid."""
    mounted = mounts(known)
    every = [
        one for one in known.project.endpoints if one.kind == "operation" and not one.path.startswith((*mounted, "\0"))
    ]
    closed = [one for one in every if one.auth.required and one.auth.status in (401, 403)]
    return (
        Call(method="GET", path=NOWHERE),
        *(Call(method="TRACE", path=_filled(one)) for one in every[:1]),
        *(Call(method=one.method, path=_filled(one)) for one in closed[:_EACH]),
        *list(_invalid(every))[: 2 * _EACH],
    )


def _invalid(endpoints: list[Endpoint]) -> Iterator[Call]:
    """Yield requests with a body that is no object, or with words where a number may be meant."""
    for one in endpoints:
        if not one.auth.required and one.request_model:
            yield Call(method=one.method, path=_filled(one), json_body="this is no object")
    for one in endpoints:
        if not one.auth.required and one.method == "GET" and "{" in one.path:
            yield Call(method="GET", path=_filled(one))


def _filled(endpoint: Endpoint) -> str:
    return _PARAMETER.sub("this-is-no-number", endpoint.path)
