"""How a stranger becomes a caller: by which two requests, and where in the answer the token is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from fastwright.proof.calls import Answer, Call
from fastwright.recipes._app import accounts
from fastwright.recipes._recipe import Known, Rehearsal
from fastwright.recipes._suite.contract import Contract

_TOKENS = ("access_token", "token", "jwt", "key")
_NAMES = ("email", "username", "login", "name")
HEADERS = {"Authorization": "Bearer {{token}}"}
OTHERS = {"Authorization": "Bearer {{other}}"}


@dataclass(frozen=True)
class SignIn:
    """Two requests, and the field of the last answer with the token; `named` is what the account is called by."""

    register: str
    account: dict[str, Any]
    sign_in: str
    credentials: dict[str, Any]
    is_form: bool
    token: str
    named: str

    @property
    def calls(self) -> list[Call]:
        """The requests of one account, and of another."""
        sample = str(self.account[self.named])
        other = sample.replace("@", "-too@") if "@" in sample else f"{sample}too"
        account = {**self.account, self.named: other}
        credentials = {name: other if value == sample else value for name, value in self.credentials.items()}
        mine = self._sent(self.account, self.credentials, "token")
        return [*mine, *self._sent(account, credentials, "other")]

    def _sent(self, account: dict[str, Any], credentials: dict[str, Any], kept: str) -> list[Call]:
        sent = {"form": credentials} if self.is_form else {"json_body": credentials}
        keep = {kept: f"/{self.token}"} if self.token else {}
        first = Call(method="POST", path=self.register, json_body=account)
        return [first, Call.model_validate({"method": "POST", "path": self.sign_in, "keep": keep, **sent})]


def signing_in(known: Known, rehearsal: Rehearsal) -> SignIn | None:
    """Return how somebody signs up and in, as it was seen to work, or nothing. Raises `NotDone` if it does not end."""
    contract = Contract(rehearsal)
    register, sign_in = accounts.registration(known), accounts.sign_in(known)
    if register is None or sign_in is None or contract.body(register) is None:
        return None
    account = contract.sample(register)
    if not isinstance(account, dict):
        return None
    named = next((name for name in _NAMES if name in account), "")
    password = next((name for name in account if "pass" in name or name == "pwd"), "")
    is_form = contract.takes_form(sign_in)
    names: dict[str, Any] = {"username": account.get(named), "password": account.get(password)}
    if not is_form:
        fields = contract.sample(sign_in)
        names = {name: account.get(name, names.get(name)) for name in fields} if isinstance(fields, dict) else names
    if not named:
        return None
    found = SignIn(register.path, account, sign_in.path, names, is_form, "", named)
    answer = rehearsal.converse(found.calls).answers[-1]
    token = _token(answer)
    return replace(found, token=token) if token and answer.status in (200, 201) else None


def _token(answer: Answer) -> str:
    body = answer.json_body
    found = cast("dict[str, object]", body) if isinstance(body, dict) else {}
    return next((name for name in _TOKENS if isinstance(found.get(name), str)), "")
