"""What has to be true of addresses that are to be confirmed: asked with real accounts, and tokens that are no good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.proof.calls import Answer, Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.signed_in import Credentials
from fastwright.recipes._conversing import Asked, answered, check_absent, quoted
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

_WRONG = "not-the-password-17"
_REFUSED = (400, 401)


@dataclass(frozen=True)
class ConfirmationPromise:
    """A link is mailed when an account is made, its token is in `table` as a hash, and sign-in waits for it.

    `production` are the variables with which it runs for others.
    """

    path: str
    credentials: Credentials
    address: str
    password: str
    table: str
    production: dict[str, str]

    @property
    def announced(self) -> Announced:
        return Announced(adds=(f"POST {self.path}", f"POST {self.path}/confirm"))

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where somebody gets in too early, or not at all."""
        how = self.credentials
        before = trial.converse("before", [how.registration, how.login, self._again(self.address)]).answers
        if before[1].status not in (200, 201):
            raise StepFailed(f"{how.login.shown} could not be seen to let an account in: {before[1].status}")
        check_absent(self.path, before[2])
        asked = list(self._asked())
        answers = answered(trial, asked)
        _check_alike(asked, answers)
        self._check_mail(trial)
        self._check_production(trial)
        return (
            f"before, an account was let in at once; now {how.login.shown} answers 403 until a mailed token comes back,"
            " which works once, within its time, and is stored as a hash; 202 alike for all addresses; a second mail"
            " has to wait; a wrong password is answered as before; only development prints mails"
        )

    def _asked(self) -> Iterator[Asked]:
        how = self.credentials
        early, late = (known_token(self.table, "mailed_at", moment) for moment in (LONG_AGO, FAR_AHEAD))
        yield how.registration, (200, 201), "an account"
        yield with_password(how.login, self.password, _WRONG), _REFUSED, "a wrong password"
        yield how.login, (403,), "before the address is confirmed"
        yield self._again(self.address), (202,), "a known address"
        yield self._again("nobody@example.com"), (202,), "an unknown address"
        yield self._confirm("a-token-of-nobody"), (400,), "a token that was never mailed"
        yield self._confirm(TOKEN, early), (400,), "a token that is too old"
        yield how.login, (403,), "after tokens that were no good"
        # The mail was sent when the account was made: that is the time that the table has anyway.
        yield self._confirm(TOKEN, late), (204,), "a token"
        yield self._confirm(TOKEN), (400,), "a token that was used"
        yield how.login.model_copy(update={"keep": KEPT}), (200, 201), "after the address was confirmed"
        yield self._again(self.address), (202,), "an address that is confirmed"
        yield how.registration, (*range(400, 500), 200, 201), "an address that has an account"
        yield how.login, (200, 201), "after somebody tried to take the address"

    def _again(self, address: str) -> Call:
        return Call(method="POST", path=self.path, json_body={"email": address})

    def _confirm(self, token: str, sql: str = "") -> Call:
        return Call(method="POST", path=f"{self.path}/confirm", json_body={"token": token}, sql=sql)

    def _check_mail(self, trial: Regression) -> None:
        """Check that one mail is sent at once, a second one not, and one more after the pause, with the last token."""
        registration, again = self.credentials.registration, self._again(self.address)
        earlier = f"UPDATE {quoted(self.table)} SET mailed_at = '2001-01-01 00:00:00.000000'"  # noqa: S608 - quoted
        for calls, wanted in (
            ([registration, again, again], 1),
            ([registration, again.model_copy(update={"sql": earlier}), again], 2),
            ([registration, registration], 1),
        ):
            talk = trial.converse("after", calls, Around(rows=(self.table,)))
            tokens, rows = mailed(talk), talk.rows[self.table]
            if len(tokens) != wanted or len(rows) != 1:
                told = f"{len(tokens)} links were mailed, and {len(rows)} rows stored, and not {wanted} and one"
                raise StepFailed(told)
            if not is_stored_as_hash(tokens[-1], rows[0]):
                raise StepFailed(f"{self.table} does not hold the SHA-256 of the last token, of 32 characters or more")

    def _check_production(self, trial: Regression) -> None:
        around = Around(variables=self.production)
        calls = [self.credentials.registration, self._again(self.address), self.credentials.login]
        talk = trial.converse("after", calls, around)
        if talk.answers[-1].status not in _REFUSED:
            raise StepFailed(f"without a mail server, {calls[-1].shown} is answered with {talk.answers[-1].status}")
        check_untold(talk)


def _check_alike(asked: list[Asked], answers: tuple[Answer, ...]) -> None:
    both = [one for (_call, wanted, _why), one in zip(asked, answers, strict=True) if wanted == (202,)]
    if len({answer.body for answer in both}) > 1:
        raise StepFailed("the answer tells whether an address is to be confirmed")
