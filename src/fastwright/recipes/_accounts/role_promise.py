"""What has to be true of roles, and was not before: who may give them to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastwright.proof.calls import Answer, Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.signed_in import Credentials
from fastwright.recipes._accounts.samples import Which, another
from fastwright.recipes._conversing import Asked

_MADE = (200, 201)
_ACCOUNTS: tuple[Which, ...] = ("first", "second")


@dataclass(frozen=True)
class RolePromise:
    """Administrators change roles at `path` (with `{key}`); `promote` makes the first account one, in SQL."""

    path: str
    announced_path: str
    credentials: Credentials
    key: str
    table: str
    login: str
    promote: str
    lowest: str
    highest: str

    @property
    def announced(self) -> Announced:
        return Announced(adds=(f"PUT {self.announced_path}",))

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where a role is given by somebody who should not, or not at all."""
        before = trial.converse("before", [self._change("1", "", self.highest)]).answers[0]
        if before.status not in (404, 405):
            raise StepFailed(f"PUT {self.announced_path} answered {before.outcome} before the change")
        asked = list(self._asked({}))
        answers = trial.converse("after", [call for call, _wanted, _what in asked]).answers
        if answers[0].status in _MADE and not self._tells_key(answers[0]):
            asked = list(self._asked(self._keys(trial)))
            answers = trial.converse("after", [call for call, _wanted, _what in asked]).answers
        for (call, wanted, what), answer in zip(asked, answers, strict=True):
            _fail_unless(answer.status in wanted, call, answer, f"{what}: {wanted[0]} was promised")
        return (
            f"{before.status} before; now a new account is {self.lowest} and gets 403, strangers get 401; one that is"
            f" {self.highest} gives roles to others (204), no unknown ones (422), and none to itself (409)"
        )

    def _tells_key(self, answer: Answer) -> bool:
        body: Any = answer.json_body
        return isinstance(body, dict) and self.key in body

    def _keys(self, trial: Regression) -> dict[str, str]:
        """Return the keys of accounts whose registration does not tell them, as the table has them."""
        accounts = {name: self._account(name) for name in _ACCOUNTS}
        rows = trial.converse("after", list(accounts.values()), Around(rows=(self.table,))).rows.get(self.table, ())
        known = {row.get(self.login, ""): row.get(self.key, "") for row in rows}
        return {
            name: key
            for name, call in accounts.items()
            for value in call.json_body.values()
            if (key := known.get(str(value)))
        }

    def _asked(self, keys: Mapping[str, str]) -> Iterator[Asked]:
        one, other = keys.get("first", "{{first}}"), keys.get("second", "{{second}}")
        first, second = self._account("first"), self._account("second")
        yield first, _MADE, "an account"
        yield self._login(first, "token"), (200,), "its sign-in"
        yield second, _MADE, "another account"
        yield self._change(other, "", self.highest), (401,), "a stranger"
        yield self._change(other, "{{token}}", self.highest), (403,), "an account without the role"
        change = self._change(other, "{{token}}", self.highest)
        yield change.model_copy(update={"sql": self.promote}), (204,), "an administrator"
        yield self._change(other, "{{token}}", "no-such-role"), (422,), "a role that there is not"
        yield self._change(one, "{{token}}", self.lowest), (409,), "their own role"
        yield self._login(second, "other"), (200,), "the other account's sign-in"
        yield self._change(one, "{{other}}", self.lowest), (204,), "the other one, who has the role now"
        yield self._change(other, "{{token}}", self.lowest), (403,), "the first one, who has lost it"

    def _account(self, name: Which) -> Call:
        call = self.credentials.registration
        body = another(call.json_body, name)
        return call.model_copy(update={"json_body": body, "keep": {name: f"/{self.key}"}})

    def _login(self, account: Call, keep: str) -> Call:
        known, mine = self.credentials.registration.json_body, account.json_body
        changed = {str(known[key]): mine[key] for key in known if isinstance(known[key], str)}
        login = self.credentials.login
        body = {name: changed.get(str(value), value) for name, value in (login.form or login.json_body).items()}
        what = "form" if login.form else "json_body"
        return login.model_copy(update={what: body, "keep": {keep: "/access_token"}})

    def _change(self, key: str, token: str, role: str) -> Call:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return Call(method="PUT", path=self.path.format(key=key), headers=headers, json_body={"role": role})


def _fail_unless(holds: bool, call: Call, answer: Answer, why: str) -> None:
    if not holds:
        status = answer.status if answer.status is not None else f"no answer ({answer.error})"
        raise StepFailed(f"{call.shown} was answered with {status}: {why}\n{answer.told}")
