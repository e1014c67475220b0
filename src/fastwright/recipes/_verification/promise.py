"""What has to be true of addresses that are to be confirmed: asked with real accounts, and tokens that are no good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.proof.held import Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._conversing import Asked, check_absent, quoted
from fastwright.recipes._recovery.links import (
    FAR_AHEAD,
    KEPT,
    LONG_AGO,
    TOKEN,
    MailedLink,
    known_token,
    with_password,
)

_WRONG = "not-the-password-17"
_REFUSED = (400, 401)
# It is the app that answers, as it did before: some let the database refuse the row, which is a 500.
_WHATEVER = range(200, 600)


@dataclass(frozen=True)
class ConfirmationPromise(MailedLink):
    """A link is mailed when an account is made, and sign-in waits for it."""

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where somebody gets in too early, or not at all."""
        how = self.credentials
        before = trial.converse("before", [how.registration, how.login, self.request(self.address)]).answers
        for call, answer in zip((how.registration, how.login), before, strict=False):
            if answer.status not in (200, 201):
                told = f"{call.shown} could not be seen to let an account in, before the change already"
                raise StepFailed(f"{told}: {answer.outcome}\n{answer.told}")
        check_absent(self.path, before[2])
        self.check_answers(trial, list(self._asked()))
        self._check_mails(trial)
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
        yield self.request(self.address), (202,), "a known address"
        yield self.request("nobody@example.com"), (202,), "an unknown address"
        yield self.confirmation("a-token-of-nobody"), (400,), "a token that was never mailed"
        yield self.confirmation(TOKEN, early), (400,), "a token that is too old"
        yield how.login, (403,), "after tokens that were no good"
        # The mail was sent when the account was made: that is the time that the table has anyway.
        yield self.confirmation(TOKEN, late), (204,), "a token"
        yield self.confirmation(TOKEN), (400,), "a token that was used"
        yield how.login.model_copy(update={"keep": KEPT}), (200, 201), "after the address was confirmed"
        yield self.request(self.address), (202,), "an address that is confirmed"
        yield how.registration, tuple(_WHATEVER), "an address that has an account"
        yield how.login, (200, 201), "after somebody tried to take the address"

    def _check_mails(self, trial: Regression) -> None:
        """Check that one mail is sent at once, a second one not, and one more after the pause, with the last token."""
        registration, again = self.credentials.registration, self.request(self.address)
        earlier = f"UPDATE {quoted(self.table)} SET mailed_at = '2001-01-01 00:00:00.000000'"  # noqa: S608 - quoted
        for calls, wanted in (
            ([registration, again, again], 1),
            ([registration, again.model_copy(update={"sql": earlier}), again], 2),
            ([registration, registration], 1),
        ):
            self.check_mails(trial, calls, wanted)

    def _check_production(self, trial: Regression) -> None:
        calls = [self.credentials.registration, self.request(self.address), self.credentials.login]
        status = self.in_production(trial, calls).answers[-1].status
        if status not in _REFUSED:
            raise StepFailed(f"without a mail server, {calls[-1].shown} is answered with {status}")
