"""Structured logs: JSON lines with the id of the request, which comes in and goes out by a header."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, cast

from fastwright.changes import Change
from fastwright.project.source import called
from fastwright.proof.calls import Answer as Answered
from fastwright.proof.calls import Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._platform import asking, finding
from fastwright.recipes._platform.home import home
from fastwright.recipes._platform.promises import check_same
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_HEADER = "X-Request-ID"
_ID = "asked-0123456789"
_FORGED = 'x" , "level": "forged'
_SECRET = "a-secret-of-the-caller"  # noqa: S105 - it is nobody's, and must not be in the log
_KEYS = frozenset({"request_id", "method", "status", "duration_ms"})
_CONFIGURED = frozenset({"basicConfig", "dictConfig", "fileConfig"})

_DECISIONS = (
    "The standard library's logging: no new package, and what libraries log looks the same.",
    f"An id that comes in {_HEADER} is kept if it is one (8 to 64 letters, digits, . _ -), else made.",
    "Lines name the endpoint, not the path or the query, which can hold secrets (CWE-532).",
    "Values given as `extra` whose names sound like secrets are replaced.",
)
_RISKS = (
    "Whoever reads uvicorn's access log reads these lines now: it is silenced, as it has paths and queries.",
    "The 500 of an error that nothing handles is made outside of all middleware: it is logged, but has no id.",
    "A message in which code itself puts a secret still tells it.",
)


class Logging(Wish):
    """There is nothing to choose."""


@dataclass(frozen=True)
class LogPromise:
    """A JSON line for each of these requests, with an id that is also in the answer, and without secrets."""

    calls: tuple[Call, ...]
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if a line or an id is missing, forged, or tells a secret."""
        calls = [_with_headers(call, _ID) for call in self.calls] + [_with_headers(self.calls[0], _FORGED)]
        before, twin, after = (trial.converse(side, calls) for side in ("before", "before", "after"))
        for call, old, again, new in zip(calls, before.answers, twin.answers, after.answers, strict=True):
            check_same(call, old, again, new)
            _check_id(call, old, new)
        if _FORGED in after.answers[-1].headers[_HEADER.lower()]:
            raise StepFailed("an id that could forge lines of the log was taken over from the caller")
        if any(_lines(before.printed)):
            raise StepFailed("a line of JSON for each request was written before the change already")
        written = [line for line in _lines(after.printed) if line["request_id"] == _ID]
        if len(written) != len(self.calls):
            raise StepFailed(f"{len(self.calls)} requests wrote {len(written)} lines:\n{after.printed[-2000:]}")
        own, told = _telling(before.printed), _telling(after.printed)
        if len(told) > len(own) or any(_SECRET in json.dumps(line) for line in written):
            raise StepFailed(f"the log tells a secret of the caller, a header or a value of the query: {told[-1]:.300}")
        seen = f"{len(calls)} requests wrote a JSON line each with their id, and none before; no secret is in it"
        return f"{seen}; {len(own)} lines that the app itself writes tell one, as before" if own else seen


def _telling(printed: str) -> list[str]:
    """Return the lines that hold the secret of the caller."""
    return [line for line in printed.splitlines() if _SECRET in line]


def _with_headers(call: Call, request_id: str) -> Call:
    headers = {_HEADER: request_id, "Authorization": f"Bearer {_SECRET}"}
    return call.model_copy(update={"headers": headers, "query": {"token": _SECRET}})


def _check_id(call: Call, old: Answered, new: Answered) -> None:
    if _HEADER.lower() in old.headers:
        raise StepFailed(f"{call.shown} was answered with {_HEADER} before the change already")
    seen = new.headers.get(_HEADER.lower(), "")
    if not seen or (call.headers[_HEADER] == _ID and seen != _ID):
        raise StepFailed(f"{call.shown}: {_HEADER} was to be {_ID}, and is {seen or 'not there'}")


def _lines(printed: str) -> Iterator[dict[str, Any]]:
    """Yield the lines that tell of a request."""
    for line in printed.splitlines():
        try:
            entry: Any = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and set(cast("dict[str, Any]", entry)) >= _KEYS:
            yield cast("dict[str, Any]", entry)


def plan(known: Known, _wish: Logging) -> Answer:
    """Return the plan (OWASP ASVS 5.0.0: 16.2.1 to 16.2.5; CWE-117, CWE-532)."""
    there = finding.imported(known, "structlog", "loguru", "pythonjsonlogger", "asgi_correlation_id")
    there = there or finding.attached(known, "requestlog", "requestid", "correlationid")
    if there:
        return Already(reason=f"{there}: the app has structured logs, or ids of requests, already")
    refusal = _contradicted(known)
    if refusal:
        return refusal
    place = home(known)
    if isinstance(place, Refusal):
        return place
    path = place.place("log_config")
    if isinstance(path, Refusal):
        return path
    return Plan(
        change=Change(
            summary="structured logs with request ids",
            operations=(
                place.module(path, "platform/log_config.py", package=place.package),
                place.call("install_logging", path),
                *place.test(
                    "platform/test_header.py",
                    "logging",
                    headers=json.dumps({_HEADER: _ID}),
                    expected={_HEADER: _ID},
                    sentence="every_answer_has_the_id_of_its_request",
                    path=asking.NOWHERE,
                ),
            ),
        ),
        promise=LogPromise(asking.samples(known)),
        decisions=_DECISIONS,
        risks=_RISKS,
        alternatives=("structlog, where other parts of the system use it: the names of the keys can stay.",),
    )


def _contradicted(known: Known) -> Refusal | None:
    """Return the refusal for an app that does a part of it in its own way."""
    configured = list(_configured(known))
    if configured:
        return Refusal(
            reason="the app sets up its logs already, and two set-ups contradict each other",
            hint="take these calls out first; they would have no effect any more",
            items=tuple(configured),
        )
    if ids := _identified(known):
        return Refusal(
            reason=f"the app gives its answers an {_HEADER} already, and a second id would contradict it",
            hint="take that out first: what is added gives one, too, and writes it into the log",
            items=ids,
        )
    return None


def _identified(known: Known) -> tuple[str, ...]:
    """Return where the app names the header of ids, if an answer was seen to have it."""
    places = tuple(finding.constants(known, _HEADER))
    if not places or known.rehearsal is None:
        return ()
    (answer,) = known.rehearsal.converse([Call(method="GET", path=asking.NOWHERE)]).answers
    return places if _HEADER.lower() in answer.headers else ()


def _configured(known: Known) -> Iterator[str]:
    for file in known.source.own:
        # What Alembic does with logs is its own, and not that of the app.
        for node in file.nodes if PurePosixPath(file.path).name != "env.py" else ():
            if called(node) in _CONFIGURED:
                yield f"{file.path}:{getattr(node, 'lineno', 0)}: {called(node)}"


RECIPE = Recipe(
    name="logging",
    summary="JSON logs with request ids, and without secrets",
    wish=Logging,
    plan=plan,
    about=(
        "A formatter for the standard library's logging, and a middleware of pure ASGI that writes a line for every "
        "request. Proven: each request writes one, with the id that is also in its answer; forged ids are replaced; "
        "credentials and queries are not in it; answers are otherwise what they were."
    ),
)
