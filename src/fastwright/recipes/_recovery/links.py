"""Mailed links, as promises look at them: the token in a mail, its hash in a table, and the account behind it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from fastwright.proof.calls import Call, Conversation
from fastwright.proof.model import StepFailed
from fastwright.recipes._conversing import quoted

# What a sign-in gives out, under one of these names.
KEPT = {"access": "/access_token", "token": "/token", "jwt": "/jwt"}
# A token that a promise knows, since it has put its hash into the table itself.
TOKEN = "a-token-that-the-promise-knows"  # noqa: S105 - of a scratch database
LONG_AGO, FAR_AHEAD = "2000-01-01 00:00:00.000000", "2999-01-01 00:00:00.000000"
_MAILED = re.compile(r"#token=([\w-]+)")


def mailed(talk: Conversation) -> list[str]:
    """Return the tokens of the links that were printed in place of mails, in order."""
    return _MAILED.findall(talk.printed)


def known_token(table: str, column: str, moment: str) -> str:
    """Return the SQL that makes `TOKEN` the one that is stored, with `moment` in `column`."""
    return f"UPDATE {quoted(table)} SET token_hash = '{_digest(TOKEN)}', {column} = '{moment}'"  # noqa: S608 - quoted


def with_password(login: Call, password: str, other: str) -> Call:
    """Return a sign-in with the `other` password in place of `password`."""

    def changed(fields: dict[str, Any] | None) -> dict[str, Any] | None:
        return {name: other if value == password else value for name, value in fields.items()} if fields else None

    return login.model_copy(update={"form": changed(login.form), "json_body": changed(login.json_body)})


def is_stored_as_hash(token: str, row: Mapping[str, str]) -> bool:
    """Whether a token of 32 characters or more is in a row by its SHA-256 only."""
    return row["token_hash"] == _digest(token) and token not in "".join(row.values()) and len(token) >= 32


def check_untold(talk: Conversation) -> None:
    """Raise `StepFailed` if a token can be read in the output or in an answer."""
    if mailed(talk) or any(_MAILED.search(answer.body) for answer in talk.answers):
        raise StepFailed("a token is printed, or answered, outside development")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
