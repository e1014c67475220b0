"""What has to be true of a new password by mail: asked with real requests, and with tokens that are no good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.proof.calls import Call
from fastwright.proof.held import Regression
from fastwright.recipes._conversing import Asked, check_absent
from fastwright.recipes._recovery.links import (
    FAR_AHEAD,
    KEPT,
    LONG_AGO,
    TOKEN,
    MailedLink,
    known_token,
    with_password,
)

_NEW = "another-staircase-43"


@dataclass(frozen=True)
class ResetPromise(MailedLink):
    """A link leads to a new password; `ends` says that logins are stored."""

    ends: bool

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where a token is good for more, or less, than was promised."""
        before = trial.converse("before", [self.request(self.address)]).answers[0]
        check_absent(self.path, before)
        self.check_answers(trial, list(self._asked()))
        calls = [self.credentials.registration, self.request(self.address)]
        self.check_mails(trial, calls, 1)
        self.in_production(trial, calls)
        ended = ", logins end" if self.ends else ""
        return (
            f"{before.status} before; now 202 alike for known and unknown addresses; a token works once, within its"
            f" time, and is stored as a hash; the old password is refused then{ended}; only development prints mails"
        )

    def _asked(self) -> Iterator[Asked]:
        how = self.credentials
        earlier, later = (known_token(self.table, "expires_at", moment) for moment in (LONG_AGO, FAR_AHEAD))
        yield how.registration, (200, 201), "an account"
        yield how.login.model_copy(update={"keep": KEPT}), (200, 201), "the old password"
        yield self.request(self.address), (202,), "a known address"
        yield self.request("nobody@example.com"), (202,), "an unknown address"
        yield self._confirm("a-token-of-nobody"), (400,), "a token that was never mailed"
        yield self._confirm(TOKEN, sql=earlier), (400,), "a token that is too old"
        yield self.request(self.address), (202,), "a known address, again"
        yield self._confirm(TOKEN, "short", sql=later), (422,), "a password that is too short"
        yield self._confirm(TOKEN), (204,), "a token"
        yield self._confirm(TOKEN), (400,), "a token that was used"
        yield how.login, (400, 401), "the old password"
        yield with_password(how.login, self.password, _NEW), (200, 201), "the new password"
        for name in KEPT if self.ends else ():
            yield how.shown_again(name), (401, 403), "a login from before"

    def _confirm(self, token: str, password: str = _NEW, sql: str = "") -> Call:
        return self.confirmation(token, sql, password=password)
