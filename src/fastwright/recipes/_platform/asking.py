"""Which requests show what an app does for all of its endpoints: some that it answers, some that it refuses."""

from __future__ import annotations

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Call
from fastwright.recipes._platform.finding import mounts
from fastwright.recipes._recipe import Known

NOWHERE = "/nothing-is-here"
_ANSWERED = 3


def samples(known: Known) -> tuple[Call, ...]:
    """Return requests that change nothing: endpoints that answer strangers, one that refuses them, and a wrong path."""
    plain = [one for one in known.project.endpoints if _is_plain(one)]
    answered = [one for one in plain if one.auth.status is not None and 200 <= one.auth.status < 300]
    refused = [one for one in plain if one.auth.status in (401, 403)]
    chosen = [*answered[:_ANSWERED], *refused[:1]]
    return (*(Call(method="GET", path=one.path) for one in chosen), Call(method="GET", path=NOWHERE))


def own_samples(known: Known) -> tuple[Call, ...]:
    """Return requests to the app itself: what is mounted has routes and errors of its own."""
    mounted = (*mounts(known), "\0")
    return tuple(call for call in samples(known) if not call.path.startswith(mounted))


def _is_plain(endpoint: Endpoint) -> bool:
    return endpoint.method == "GET" and endpoint.kind == "operation" and "{" not in endpoint.path
