"""What has to be true of a new password by mail: asked with real requests, and with tokens that are no good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.proof.calls import Answer, Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.signed_in import Credentials
from fastwright.recipes._conversing import Asked, answered, check_absent
from fastwright.recipes._recovery.links import (
    FAR_AHEAD,
    KEPT,
    LONG_AGO,
    TOKEN,
    check_untold,
    is_stored_as_hash,
    known_token,
    mailed,
    with_password,
)

_NEW = "another-staircase-43"


@dataclass(frozen=True)
class ResetPromise:
    """A link is mailed from `path`, its token is in `table` as a hash, and `ends` says that logins are stored.

    `production` are the variables with which it runs for others.
    """

    path: str
    credentials: Credentials
    address: str
    password: str
    table: str
    production: dict[str, str]
    ends: bool

    @property
    def announced(self) -> Announced:
        return Announced(adds=(f"POST {self.path}", f"POST {self.path}/confirm"))

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where a token is good for more, or less, than was promised."""
        before = trial.converse("before", [self._request(self.address)]).answers[0]
        check_absent(self.path, before)
        asked = list(self._asked())
        answers = answered(trial, asked)
        self._check_alike(asked, answers)
        self._check_mail(trial)
        self._check_production(trial)
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
        yield self._request(self.address), (202,), "a known address"
        yield self._request("nobody@example.com"), (202,), "an unknown address"
        yield self._confirm("a-token-of-nobody"), (400,), "a token that was never mailed"
        yield self._confirm(TOKEN, sql=earlier), (400,), "a token that is too old"
        yield self._request(self.address), (202,), "a known address, again"
        yield self._confirm(TOKEN, "short", sql=later), (422,), "a password that is too short"
        yield self._confirm(TOKEN), (204,), "a token"
        yield self._confirm(TOKEN), (400,), "a token that was used"
        yield how.login, (400, 401), "the old password"
        yield with_password(how.login, self.password, _NEW), (200, 201), "the new password"
        for name in KEPT if self.ends else ():
            headers = {"Authorization": f"Bearer {{{{{name}}}}}"}
            yield Call(method="GET", path=how.guarded, headers=headers), (401, 403), "a login from before"

    def _request(self, address: str) -> Call:
        return Call(method="POST", path=self.path, json_body={"email": address})

    def _confirm(self, token: str, password: str = _NEW, sql: str = "") -> Call:
        body = {"token": token, "password": password}
        return Call(method="POST", path=f"{self.path}/confirm", json_body=body, sql=sql)

    def _check_alike(self, asked: list[Asked], answers: tuple[Answer, ...]) -> None:
        both = [answer for (_call, _wanted, why), answer in zip(asked, answers, strict=True) if "known address" in why]
        if len({answer.body for answer in both}) > 1:
            raise StepFailed("the answer tells whether an address has an account")

    def _check_mail(self, trial: Regression) -> None:
        calls = [self.credentials.registration, self._request(self.address)]
        talk = trial.converse("after", calls, Around(rows=(self.table,)))
        tokens, rows = mailed(talk), talk.rows[self.table]
        if len(tokens) != 1 or len(rows) != 1:
            raise StepFailed(
                f"{len(tokens)} links were mailed in development, and {len(rows)} rows stored, and not one"
            )
        if not is_stored_as_hash(tokens[0], rows[0]):
            raise StepFailed(f"{self.table} does not hold the SHA-256 of a token of 32 characters or more")

    def _check_production(self, trial: Regression) -> None:
        around = Around(variables=self.production)
        talk = trial.converse("after", [self.credentials.registration, self._request(self.address)], around)
        check_untold(talk)
