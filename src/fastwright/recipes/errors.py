"""Every error as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from fastwright.changes import Change
from fastwright.project.source import called, last_name
from fastwright.proof.calls import Answer as Answered
from fastwright.proof.calls import Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import NotDone, StepFailed
from fastwright.recipes._platform import asking, finding
from fastwright.recipes._platform.home import Home, home
from fastwright.recipes._platform.promises import check_same
from fastwright.recipes._platform.refusing import refused
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_MEDIA_TYPE = "application/problem+json"
_BREAKS = "/raises-an-error"
_TAKEN = frozenset({"HTTPException", "RequestValidationError", "Exception"})
_KEPT_HEADERS = ("www-authenticate", "allow", "retry-after", "location")


class Errors(Wish):
    """There is nothing to choose."""


@dataclass(frozen=True)
class ProblemPromise:
    """What is refused now is refused then, with a problem; `answered` are requests that have to stay as they are."""

    refused: tuple[Call, ...]
    answered: tuple[Call, ...]
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return which statuses are problems now. Raises `StepFailed` for one that is not, or that was one before."""
        calls = (*self.answered, *self.refused, Call(method="GET", path=_BREAKS))
        around = Around(breaks=_BREAKS)
        before, twin, after = (trial.converse(side, calls, around).answers for side in ("before", "before", "after"))
        seen: set[int] = set()
        for call, old, again, new in zip(calls, before, twin, after, strict=True):
            if old.status is None or old.status < 400 or not _is_plain(old):
                check_same(call, old, again, new)
            else:
                _check_problem(call, old, new)
                seen.add(old.status)
        if not seen >= {404, 500}:
            raise StepFailed("a wrong path, or an error that nothing handles, was answered in the app's own way before")
        return f"{', '.join(map(str, sorted(seen)))} are problems now, and were not before; the rest as before"


def _is_plain(answer: Answered) -> bool:
    """Tell an error in the form that FastAPI and Starlette give it; an app's own stays as it is."""
    return set(_members(answer)) == {"detail"} or answer.body == "Internal Server Error"


def _members(answer: Answered) -> dict[str, Any]:
    """Return the members of an object in JSON; there are none where the body is anything else."""
    body = answer.json_body
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _check_problem(call: Call, old: Answered, new: Answered) -> None:
    body = _members(new)
    if new.status != old.status:
        raise StepFailed(f"{call.shown} was answered with {old.outcome}, and is with {new.status} {new.error}".rstrip())
    if new.headers.get("content-type") != _MEDIA_TYPE:
        raise StepFailed(f"{call.shown}: the {new.status} is {new.headers.get('content-type')}, and not {_MEDIA_TYPE}")
    if body.get("status") != new.status or not isinstance(body.get("title"), str) or "type" not in body:
        raise StepFailed(f"{call.shown}: the problem has not the members of RFC 9457: {new.body[:300]}")
    if "the fault that a promise asked for" in new.body or "this is no object" in new.body:
        raise StepFailed(f"{call.shown}: the answer tells what must not get out: {new.body[:300]}")
    lost = [name for name in _KEPT_HEADERS if old.headers.get(name) != new.headers.get(name)]
    if lost:
        raise StepFailed(f"{call.shown}: {', '.join(lost)} is not what it was")


def plan(known: Known, _wish: Errors) -> Answer:
    """Return the plan (RFC 9457; OWASP ASVS 5.0.0: 16.5.1, errors that tell nothing of the inside)."""
    there = next(finding.constants(known, _MEDIA_TYPE), "")
    if there:
        return Already(reason=f"{there} answers errors with {_MEDIA_TYPE}")
    own = list(_handlers(known))
    taken = [f"{place}: {name}" for name, place in own if name in _TAKEN]
    if taken:
        return Refusal(
            reason="the app decides by itself what these errors look like, and a second handler would replace that",
            hint="make these handlers answer with problems, then: fastwright prove",
            items=tuple(taken),
        )
    place = _own_form(known, own) or home(known)
    if isinstance(place, Refusal):
        return place
    path = place.place("error_handlers")
    return path if isinstance(path, Refusal) else _plan(known, place, path, own)


def _own_form(known: Known, own: Sequence[tuple[str, str]]) -> Refusal | None:
    """Return what a wrong path and a fault are answered with, and where that may come from, if it is the app's own."""
    calls = (Call(method="GET", path="/nothing-is-here"), Call(method="GET", path=_BREAKS))
    try:
        answers = known.rehearsal.converse(calls, Around(breaks=_BREAKS)).answers if known.rehearsal else ()
    except (NotDone, StepFailed):  # the promise will say so
        return None
    named = zip(("a wrong path", "an error that nothing handles"), answers, strict=False)
    seen = [f"{what}: {one.status} {one.body[:80]}" for what, one in named if one.status and not _is_plain(one)]
    if not seen:
        return None
    places = [f"{where}: {name}" for name, where in own if name.isdigit()]
    places = places or [f"middleware: {name}" for name in known.project.conventions.middleware]
    return Refusal(
        reason="the app answers these in a form of its own already, which clients may rely on",
        hint="make what answers so answer with problems (RFC 9457), then: fastwright prove",
        items=(*seen, *places),
    )


def _plan(known: Known, place: Home, path: str, own: list[tuple[str, str]]) -> Plan:
    others = tuple(f"{name}, which {where} handles, looks as before." for name, where in own)
    mounted = tuple(f"{path} is mounted: what is there has errors of its own." for path in finding.mounts(known))
    return Plan(
        change=Change(
            summary="answer errors with problems (RFC 9457)",
            operations=(
                place.module(path, "platform/problems.py"),
                place.call("install_error_handlers", path),
                *place.test("platform/test_problems.py", "problems"),
            ),
        ),
        promise=ProblemPromise(refused(known), asking.own_samples(known)),
        decisions=(
            "`detail` stays where it was a text, so that clients who show it still can.",
            "What is wrong with a request is under `errors`: location, message and code, never the value.",
            "The OpenAPI document tells of problems in place of FastAPI's own 422.",
            *others,
            *mounted,
        ),
        risks=(
            "Clients that read `detail` of a 422 as a list have to read `errors`: tell their owners first.",
            "Clients that compare the content type of an error with application/json see another one.",
        ),
        alternatives=("Give each kind of problem a `type` of its own, once there is a page that explains it.",),
    )


def _handlers(known: Known) -> Iterator[tuple[str, str]]:
    """Yield the exceptions for which the app has handlers, and where."""
    for file in known.source.own:
        for node in file.nodes:
            if called(node) in ("exception_handler", "add_exception_handler") and isinstance(node, ast.Call):
                for argument in node.args[:1]:
                    name = str(argument.value) if isinstance(argument, ast.Constant) else last_name(argument)
                    yield name, f"{file.path}:{node.lineno}"


RECIPE = Recipe(
    name="errors",
    summary="every error as application/problem+json (RFC 9457)",
    wish=Errors,
    plan=plan,
    about=(
        "Handlers for what endpoints and guards refuse, for requests that are not valid, and for errors that nobody "
        "foresaw. Proven: each kind is a problem now and was none before, with the same status and headers; nothing of "
        "the inside gets out; all other answers are what they were."
    ),
)
