"""A cache for reads: answers to strangers are kept on the server; answers to known callers get ETags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from fastwright.changes import Change
from fastwright.errors import InputError
from fastwright.project.model import Endpoint
from fastwright.recipes._paths import below
from fastwright.recipes._platform import finding
from fastwright.recipes._platform.caching import CachePromise, ConditionalPromise
from fastwright.recipes._platform.home import Home, home
from fastwright.recipes._public import issues_credentials, tells_health
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_TTL = 60
_PARAMETER = re.compile(r"{[^}]*}")
_PACKAGES = ("cashews", "fastapi_cache", "aiocache", "cachetools", "fastapi_redis_cache")

_DECISIONS = (
    "Kept on the server, so that a write can take it back; browsers and proxies are told nothing new.",
    "Only for who sends nothing by which an app knows callers: no answer is ever given to somebody else.",
    "Any write through the app forgets everything: which rows an answer was made of cannot be told for sure.",
)
_RISKS = (
    "It is kept in the memory of one process: with several, each has its own, and a write empties one of them.",
    "Answers that depend on the caller's address, or on the time, are kept as well.",
)
_ALTERNATIVES = ("At a CDN, by Cache-Control, where answers may be stale for everybody until they expire.",)


class Cache(Wish):
    """Which reads, and for how long."""

    positional: ClassVar[tuple[str, ...]] = ("path",)

    path: str = Field(description="A path as the project writes it; it covers the reads below.")
    ttl: int = Field(
        default=_TTL, ge=1, le=86_400, title="SECONDS", description="How long an answer is good. Default: 60."
    )


def plan(known: Known, wish: Cache) -> Answer:
    """Return the plan (RFC 9111, 3.5; OWASP ASVS 5.0.0: 14.2.2, 14.3.2). Raises `InputError` if nothing is read."""
    reads = [one for one in below(known.project.endpoints, wish.path) if _is_read(one)]
    if not reads:
        raise InputError(f"nothing is read at or below {wish.path}", hint="fastwright map")
    there = finding.attached(known, "cache", "conditional", "etag") or finding.imported(known, *_PACKAGES)
    if there:
        return Already(
            reason=f"{there}: the app has a cache", notes=("What it keeps, and for whom, was not measured.",)
        )
    kept = {one: call for one in reads if (call := finding.kept(known, one))}
    if len(kept) == len(reads):
        told = (f"{one.method} {one.path} asks {call}" for one, call in kept.items())
        return Already(reason=f"{'; '.join(told)}: that is a cache already")
    place = home(known)
    if isinstance(place, Refusal):
        return place
    reads = [one for one in reads if one not in kept]
    public = [one for one in reads if not one.auth.required]
    answer = _kept(known, place, wish, reads, public) if public else _conditional(place, wish, reads)
    if not isinstance(answer, Plan):
        return answer
    left = (f"Left as it is: {one.method} {one.path} asks {call}, a cache of its own." for one, call in kept.items())
    return replace(answer, decisions=(*answer.decisions, *left))


def _kept(known: Known, place: Home, wish: Cache, reads: Sequence[Endpoint], public: Sequence[Endpoint]) -> Answer:
    answering = [one for one in public if one.auth.status == 200 and "{" not in one.path]
    if not answering:
        return Refusal(
            reason="none of these reads answers a stranger who asks without arguments, so that it could not be proven",
            hint="name the path of a list that anybody may read",
        )
    path = place.place("response_cache", "middleware")
    if isinstance(path, Refusal):
        return path
    writes = [one for one in known.project.endpoints if one.method in ("POST", "PUT", "PATCH", "DELETE")]
    guarded = [f"{one.method} {one.path}" for one in reads if one.auth.required]
    left = (f"Not kept, as they are for known callers: {', '.join(guarded)}.",) if guarded else ()
    return Plan(
        change=Change(
            summary=f"keep the answers to strangers at {wish.path} for {wish.ttl} seconds",
            operations=(
                place.module(path, "platform/response_cache.py"),
                place.middleware("ResponseCacheMiddleware", path, paths=_patterns(public), ttl=str(wish.ttl)),
                *place.test("platform/test_cache.py", "response_cache", path=answering[0].path),
            ),
        ),
        promise=CachePromise(
            tuple(answering),
            tuple(_unkept(known, public)),
            writes[0] if writes else None,
            wish.ttl,
        ),
        decisions=(*_DECISIONS, *left),
        risks=(
            f"What changes without a request (by a job, or in another process) shows after {wish.ttl} s.",
            *_RISKS,
        ),
        alternatives=_ALTERNATIVES,
    )


def _conditional(place: Home, wish: Cache, reads: Sequence[Endpoint]) -> Answer:
    path = place.place("conditional", "middleware")
    if isinstance(path, Refusal):
        return path
    return Plan(
        change=Change(
            summary=f"ETags for what is read at {wish.path}",
            operations=(
                place.module(path, "platform/conditional.py"),
                place.middleware("ConditionalMiddleware", path, paths=_patterns(reads)),
            ),
        ),
        promise=ConditionalPromise(tuple(reads)),
        decisions=(
            "All of this is for known callers: a cache before the guard would answer who has lost the right to it.",
            "So nothing is kept on the server: callers keep their own answer, and ask each time whether it is good.",
            "Cache-Control: private, no-cache; and 304 without a body where nothing has changed.",
        ),
        risks=(
            "It saves what is sent, not what is computed: the endpoint runs each time, and so do its queries.",
            "These answers are held until they are whole, so that what streams does so no more.",
        ),
        alternatives=("Where the queries are what is slow: fastwright optimize " + wish.path,),
    )


def _is_read(endpoint: Endpoint) -> bool:
    is_get = endpoint.method == "GET" and endpoint.kind == "operation"
    return is_get and not issues_credentials(endpoint) and not tells_health(endpoint)


def _unkept(known: Known, public: Sequence[Endpoint]) -> list[Endpoint]:
    """Return some reads elsewhere, which must stay without a cache."""
    every = [one for one in known.project.endpoints if one.method == "GET" and one.auth.status == 200]
    return [one for one in every if one.kind == "operation" and not any(one is other for other in public)][:3]


def _patterns(endpoints: Sequence[Endpoint]) -> str:
    """Return the paths as regular expressions, as they are written in source."""
    paths = dict.fromkeys("[^/]+".join(re.escape(part) for part in _PARAMETER.split(one.path)) for one in endpoints)
    return f"[{', '.join(f'r{chr(34)}{path}{chr(34)}' for path in paths)}]"


RECIPE = Recipe(
    name="cache",
    summary="kept answers for strangers, and ETags for known callers",
    wish=Cache,
    plan=plan,
    about=(
        "What anybody may read is kept in memory for --ttl seconds, by a middleware of pure ASGI; any write forgets "
        "it, and who sends credentials is never given it. Where all of it is for known callers, answers get ETags "
        "instead, so that the guard is asked each time. Proven by real requests, with the time moved on."
    ),
)
