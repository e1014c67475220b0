"""Mailed links, as promises look at them: the token in a mail, its hash in a table, and the account behind it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastwright.proof.calls import Around, Call, Conversation
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.signed_in import Credentials
from fastwright.recipes._conversing import Asked, answered, quoted

# What a sign-in gives out, under one of these names.
KEPT = {"access": "/access_token", "token": "/token", "jwt": "/jwt"}
# A token that a promise knows, since it has put its hash into the table itself.
TOKEN = "a-token-that-the-promise-knows"  # noqa: S105 - of a scratch database
LONG_AGO, FAR_AHEAD = "2000-01-01 00:00:00.000000", "2999-01-01 00:00:00.000000"
_MAILED = re.compile(r"#token=([\w-]+)")


@dataclass(frozen=True)
class MailedLink:
    """A link is mailed for `path`, and its token is in `table` as a hash.

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

    def request(self, address: str) -> Call:
        return Call(method="POST", path=self.path, json_body={"email": address})

    def confirmation(self, token: str, sql: str = "", **more: str) -> Call:
        return Call(method="POST", path=f"{self.path}/confirm", json_body={"token": token, **more}, sql=sql)

    def check_answers(self, trial: Regression, asked: Sequence[Asked]) -> None:
        """Raise `StepFailed` where an answer is not as it has to be, or mails are asked for with different answers."""
        answers = answered(trial, asked)
        mailing = {
            answer.body for (_call, wanted, _why), answer in zip(asked, answers, strict=True) if wanted == (202,)
        }
        if len(mailing) > 1:
            raise StepFailed("the answer tells what is known of an address")

    def check_mails(self, trial: Regression, calls: Sequence[Call], wanted: int) -> None:
        """Raise `StepFailed` if not so many links are mailed in development, or the token of the last is not stored."""
        talk = trial.converse("after", calls, Around(rows=(self.table,)))
        tokens, rows = _mailed(talk), talk.rows[self.table]
        if len(tokens) != wanted or len(rows) != 1:
            raise StepFailed(f"{len(tokens)} links were mailed, and {len(rows)} rows stored, and not {wanted} and one")
        if not _is_stored_as_hash(tokens[-1], rows[0]):
            raise StepFailed(f"{self.table} does not hold the SHA-256 of the last token, of 32 characters or more")

    def in_production(self, trial: Regression, calls: Sequence[Call]) -> Conversation:
        """Return what is answered there. Raises `StepFailed` if a token can be read in the output or in an answer."""
        talk = trial.converse("after", calls, Around(variables=self.production))
        if _mailed(talk) or any(_MAILED.search(answer.body) for answer in talk.answers):
            raise StepFailed("a token is printed, or answered, outside development")
        return talk


def known_token(table: str, column: str, moment: str) -> str:
    """Return the SQL that makes `TOKEN` the one that is stored, with `moment` in `column`."""
    return f"UPDATE {quoted(table)} SET token_hash = '{_digest(TOKEN)}', {column} = '{moment}'"  # noqa: S608 - quoted


def with_password(login: Call, password: str, other: str) -> Call:
    """Return a sign-in with the `other` password in place of `password`."""

    def changed(fields: dict[str, Any] | None) -> dict[str, Any] | None:
        return {name: other if value == password else value for name, value in fields.items()} if fields else None

    return login.model_copy(update={"form": changed(login.form), "json_body": changed(login.json_body)})


def _mailed(talk: Conversation) -> list[str]:
    """Return the tokens of the links that were printed in place of mails, in order."""
    return _MAILED.findall(talk.printed)


def _is_stored_as_hash(token: str, row: Mapping[str, str]) -> bool:
    """Whether a token of 32 characters or more is in a row by its SHA-256 only."""
    return row["token_hash"] == _digest(token) and token not in "".join(row.values()) and len(token) >= 32


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
