"""Callers with real credentials: an account is made, signed in, and its token is sent to what a guard closes."""

from __future__ import annotations

from collections.abc import Sequence

from fastwright.design.model import Frozen
from fastwright.proof.calls import Answer, Call, filled
from fastwright.proof.held import Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.promise import AccessPromise, Closed

_REFUSED = (401, 403)
# What a guard that lets somebody in leads to, with nothing in the body, and 1 in the path.
_PAST_THE_GUARD = (200, 201, 204, 404, 422)
# Where logins give their token: RFC 6749 5.1, and what others call it.
_TOKENS = {"access": "/access_token", "token": "/token", "jwt": "/jwt"}


class Credentials(Frozen):
    """How to get a token in an app: `registration` makes an account, `login` answers with the token.

    `guarded` is a request that wants the same credentials already: it tells whether the token is good for anything.
    """

    registration: Call
    login: Call
    guarded: Call

    def shown_again(self, name: str) -> Call:
        """Return the request for what is guarded, with what the login gave under a name."""
        return self.guarded.model_copy(update={"headers": _bearer(f"{{{{{name}}}}}")})


def check_real_callers(trial: Regression, promise: AccessPromise, credentials: Credentials) -> str:
    """Return the evidence, or nothing if no usable token could be had.

    Raises `StepFailed` where a caller with a token, or one without, is not answered as promised.
    """
    closes = [one for one in promise.closes if one.was_open and one.method != "WEBSOCKET"]
    if not closes:
        return ""
    start = [credentials.registration, credentials.login.model_copy(update={"keep": _TOKENS})]
    known = [credentials.shown_again(name) for name in _TOKENS]
    answers = trial.converse("before", [*(_call(one, "") for one in closes), *start, *known]).answers
    strangers, tried = answers[: len(closes)], answers[-len(known) :]
    name = next((name for name, answer in zip(_TOKENS, tried, strict=True) if answer.status in _PAST_THE_GUARD), "")
    if not name:
        return ""
    calls = [*start, *(_call(one, f"{{{{{name}}}}}") for one in closes), *(_call(one, "") for one in closes)]
    answers = trial.converse("after", calls).answers[len(start) :]
    admitted, refused = answers[: len(closes)], answers[len(closes) :]
    for one, before, with_token, without in zip(closes, strangers, admitted, refused, strict=True):
        wanted = 403 if promise.role else before.status
        if with_token.status != wanted:
            who = f"an account without the role {promise.role}" if promise.role else "a signed-in caller"
            raise StepFailed(f"{one.shown}: {who} gets {with_token.status}, not {wanted}\n{with_token.body[:300]}")
        if without.status not in _REFUSED:
            raise StepFailed(f"{one.shown}: a caller without a token gets {without.status}")
    return f"with a real token {_statuses(admitted)}, without one {_statuses(refused)}"


def _call(one: Closed, token: str) -> Call:
    """Return a request for an endpoint, with nothing in its body, and 1 for what its path leaves open."""
    return Call(method=one.method, path=filled(one.path), headers=_bearer(token) if token else {})


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _statuses(answers: Sequence[Answer]) -> str:
    return ", ".join(sorted({str(answer.status) for answer in answers}))
