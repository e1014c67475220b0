"""What has to be true of a new password by mail: asked with real requests, and with tokens that are no good."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastwright.proof.calls import Answer, Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.signed_in import Credentials

_TOKEN, _NEW = "a-token-that-the-promise-knows", "another-staircase-43"
_KEPT = {"access": "/access_token", "token": "/token", "jwt": "/jwt"}
_MAILED = re.compile(r"#token=([\w-]+)")

Asked = tuple[Call, tuple[int, ...], str]


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
        if before.status not in (404, 405):
            raise StepFailed(f"POST {self.path} answered {before.status} before the change, not 404 or 405")
        asked = list(self._asked())
        answers = trial.converse("after", [call for call, _wanted, _why in asked]).answers
        for (call, wanted, why), answer in zip(asked, answers, strict=True):
            if answer.status not in wanted:
                raise StepFailed(
                    f"{call.shown}, {why}: answered with {answer.status} {answer.error}\n{answer.body[:300]}"
                )
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
        yield how.registration, (200, 201), "an account"
        yield how.login.model_copy(update={"keep": _KEPT}), (200, 201), "the old password"
        yield self._request(self.address), (202,), "a known address"
        yield self._request("nobody@example.com"), (202,), "an unknown address"
        yield self._confirm("a-token-of-nobody"), (400,), "a token that was never mailed"
        yield self._confirm(_TOKEN, sql=self._known("2000-01-01 00:00:00.000000")), (400,), "a token that is too old"
        later = self._known("2999-01-01 00:00:00.000000")
        yield self._request(self.address), (202,), "a known address, again"
        yield self._confirm(_TOKEN, "short", sql=later), (422,), "a password that is too short"
        yield self._confirm(_TOKEN), (204,), "a token"
        yield self._confirm(_TOKEN), (400,), "a token that was used"
        yield how.login, (400, 401), "the old password"
        yield self._login(), (200, 201), "the new password"
        for name in _KEPT if self.ends else ():
            headers = {"Authorization": f"Bearer {{{{{name}}}}}"}
            yield Call(method="GET", path=how.guarded, headers=headers), (401, 403), "a login from before"

    def _request(self, address: str) -> Call:
        return Call(method="POST", path=self.path, json_body={"email": address})

    def _confirm(self, token: str, password: str = _NEW, sql: str = "") -> Call:
        body = {"token": token, "password": password}
        return Call(method="POST", path=f"{self.path}/confirm", json_body=body, sql=sql)

    def _known(self, expires: str) -> str:
        """Return what makes the promise know the token, since only its owner reads the mail."""
        digest = hashlib.sha256(_TOKEN.encode()).hexdigest()
        table = '"' + self.table.replace('"', '""') + '"'
        return f"UPDATE {table} SET token_hash = '{digest}', expires_at = '{expires}'"  # noqa: S608 - names are quoted

    def _login(self) -> Call:
        login = self.credentials.login

        def changed(fields: dict[str, Any] | None) -> dict[str, Any] | None:
            return (
                {name: _NEW if value == self.password else value for name, value in fields.items()} if fields else None
            )

        return login.model_copy(update={"form": changed(login.form), "json_body": changed(login.json_body)})

    def _check_alike(self, asked: list[Asked], answers: tuple[Answer, ...]) -> None:
        both = [answer for (_call, _wanted, why), answer in zip(asked, answers, strict=True) if "known address" in why]
        if len({answer.body for answer in both}) > 1:
            raise StepFailed("the answer tells whether an address has an account")

    def _check_mail(self, trial: Regression) -> None:
        calls = [self.credentials.registration, self._request(self.address)]
        talk = trial.converse("after", calls, Around(rows=(self.table,)))
        mailed, rows = _MAILED.findall(talk.printed), talk.rows[self.table]
        if len(mailed) != 1 or len(rows) != 1:
            raise StepFailed(
                f"{len(mailed)} links were mailed in development, and {len(rows)} rows stored, and not one"
            )
        digest = hashlib.sha256(mailed[0].encode()).hexdigest()
        if rows[0]["token_hash"] != digest or mailed[0] in "".join(rows[0].values()) or len(mailed[0]) < 32:
            raise StepFailed(f"{self.table} does not hold the SHA-256 of a token of 32 characters or more")

    def _check_production(self, trial: Regression) -> None:
        around = Around(variables=self.production)
        talk = trial.converse("after", [self.credentials.registration, self._request(self.address)], around)
        if _MAILED.search(talk.printed) or any(_MAILED.search(answer.body) for answer in talk.answers):
            raise StepFailed("a token is printed, or answered, outside development")
