"""The diagnosis of what was typed: a request is sent and corrected, an endpoint alone is described."""

from __future__ import annotations

from dataclasses import replace

from fastwright.diagnose.answers import Route
from fastwright.diagnose.conversation import Conversation
from fastwright.diagnose.examples import accepts, by_template, examples, sample_request
from fastwright.diagnose.hiding import Secrets
from fastwright.diagnose.inputs import Typed, read_request
from fastwright.diagnose.investigation import Trail, investigate, match, send_again
from fastwright.diagnose.model import Diagnosis, Place, Problem, Sent
from fastwright.diagnose.observed import Observed, read_response, reconstructed
from fastwright.diagnose.request import Request
from fastwright.diagnose.sent import sent
from fastwright.errors import InputError


def diagnose(talk: Conversation, typed: Typed, response: str = "") -> Diagnosis:
    """Return why the request is refused, and what is accepted. Raises `InputError` if it cannot be understood."""
    request = read_request(typed)
    observed = read_response(response) if response else None
    route = by_template(talk.routes, request) if "{" in request.path else match(talk.routes, request)
    if "{" in request.path and route is None:
        names = ", ".join(one.shown for one in talk.routes if not one.framework)
        raise InputError(f"the app has no {request.method} {request.path}", hint=f"it has {names[:400]}")
    if observed is not None and typed.is_bare and route is not None:
        return _from_response(talk, route, request, observed)
    if route is not None and typed.is_bare and _says_little(talk, route, request):
        return _description(talk, route, request)
    if route is not None and "{" in request.path:
        sampled = sample_request(talk.describe(talk.routes.index(route)), route, request.method, full=False)
        request = replace(request, path=sampled.path)
    return _diagnosis(talk, request, investigate(talk, request))


def _says_little(talk: Conversation, route: Route, request: Request) -> bool:
    """Tell whether an endpoint alone is no request yet: its path is a template, or it wants a body."""
    operation = talk.describe(talk.routes.index(route))
    return "{" in request.path or any(field.required for field in operation.of("body"))


def _diagnosis(talk: Conversation, request: Request, trail: Trail) -> Diagnosis:
    secrets = Secrets(request, tuple(trail.secrets))
    first, last = trail.answers[0], trail.answers[-1]
    is_changed = trail.request != request
    operation = talk.describe(talk.routes.index(trail.route)) if trail.route is not None else None
    found = Diagnosis(
        verdict=trail.verdict,
        endpoint=_place(trail.route, trail.request.method),
        status=first.status,
        problems=tuple(trail.problems),
        request=sent(secrets.shown(request)),
        corrected=_corrected(talk, trail, secrets) if is_changed and last.accepted else None,
        verified=last.accepted,
        corrected_status=last.status,
        accepts=tuple(accepts(operation)) if operation else (),
        notes=_notes(trail),
        answer=first.json_body,
    )
    return secrets.clean(found)


def _corrected(talk: Conversation, trail: Trail, secrets: Secrets) -> Sent:
    """Return the request that is accepted; with a password of ours in place of the caller's, if that is, too."""
    other = secrets.replaced(trail.request)
    is_known = other == trail.request or not send_again(talk, trail, other).accepted
    return sent(secrets.shown(trail.request if is_known else other))


def _from_response(talk: Conversation, route: Route, request: Request, observed: Observed) -> Diagnosis:
    """Return the diagnosis of an answer alone: of a request that is answered so."""
    operation = talk.describe(talk.routes.index(route))
    made = replace(reconstructed(observed, operation, route, request.method), base=request.base)
    found = _diagnosis(talk, made, investigate(talk, made))
    told = {one.loc for one in observed.complaints}
    same = tuple(one for one in found.problems if one.loc in told or one.side == "server")
    note = "the request was put together from the answer: what the answer does not show is a plausible value"
    if observed.complaints and len(same) < len(told):
        same = (
            *same,
            *(_unseen(one.loc, one.message) for one in observed.complaints if one.loc not in {s.loc for s in same}),
        )
    verdict = found.verdict if same or not observed.message else "request"
    return found.model_copy(
        update={"problems": same or found.problems, "notes": (note, *found.notes), "verdict": verdict}
    )


def _unseen(loc: tuple[str | int, ...], message: str) -> Problem:
    """Return a refusal that the app as it is here does not have."""
    return Problem(
        loc=loc,
        got=None,
        expected="",
        why=f"the answer says: {message}; the app as it is here does not refuse that",
        fix="see whether the app that answered is another version",
        cause="other",
    )


def _description(talk: Conversation, route: Route, request: Request) -> Diagnosis:
    operation = talk.describe(talk.routes.index(route))
    made = list(examples(talk, route, request.method, request))
    server = {(one.cause, one.loc): one for each in made for one in each.trail.problems if one.side == "server"}
    callers = [one for one in made[0].trail.problems if one.cause in ("authentication", "permission")]
    notes = dict.fromkeys([*(f"a caller needs {one.expected}: {one.why}" for one in callers), *_notes(made[0].trail)])
    return Diagnosis(
        verdict="server" if server else "accepted",
        endpoint=_place(route, request.method),
        status=made[0].example.status,
        problems=tuple(server.values()),
        corrected=made[0].example.request if made[0].example.verified else None,
        verified=all(one.example.verified for one in made),
        corrected_status=made[0].example.status,
        accepts=tuple(accepts(operation)),
        examples=tuple(one.example for one in made),
        notes=tuple(notes),
    )


def _notes(trail: Trail) -> tuple[str, ...]:
    admitted = ("a stand-in for the caller was let past the guard, so that the rest of the request could be looked at",)
    startup = trail.answers[0].startup
    started = (f"the app did not start as it should: {startup.strip().splitlines()[-1]}",) if startup else ()
    return (*started, *trail.notes, *(admitted if trail.admitted else ()))


def _place(route: Route | None, method: str) -> Place | None:
    if route is None:
        return None
    return Place(
        method=method, path=route.path, name=route.name, file=route.place.get("file"), line=route.place.get("line")
    )
