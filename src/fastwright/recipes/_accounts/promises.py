"""What has to be true of accounts and of signing in, and was not before: asked by real requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from fastwright.proof.calls import Answer, Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._conversing import check_absent


@dataclass(frozen=True)
class RegistrationPromise:
    """An account can be made at `path` with `sample`; `secret` is the password in it, `table` where the row goes.

    `adds` are the endpoints that come with it, `login` is the column that tells accounts apart, and `field` the same in
    the body: `email`, or a name that people choose.
    """

    path: str
    sample: Mapping[str, object]
    secret: str
    table: str
    login: str
    password: str
    adds: tuple[str, ...]
    field: str = "email"

    @property
    def announced(self) -> Announced:
        return Announced(adds=self.adds)

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where an account is made that should not be, or not made as said."""
        before = trial.converse("before", [self._call({})]).answers[0]
        check_absent(self.path, before)
        calls, wanted = zip(*self._expected(), strict=True)
        talk = trial.converse("after", calls, Around(rows=(self.table,)))
        for call, answer, statuses in zip(calls, talk.answers, wanted, strict=True):
            _fail_unless(answer.status in statuses, call, answer, f"{' or '.join(map(str, statuses))} was promised")
        self._check_answer(calls, talk.answers)
        self._check_rows(talk.rows.get(self.table, ()))
        what, alike = ("address", " in other letters") if self.field == "email" else ("name", "")
        return (
            f"{before.status} before; now 201 without the password in it, 409 for the same {what}{alike},"
            f" 422 for what is no {what} or too short a password; the password is stored as a hash"
        )

    def _call(self, changes: Mapping[str, object]) -> Call:
        return Call(method="POST", path=self.path, json_body={**self.sample, **changes})

    def _expected(self) -> Iterator[tuple[Call, tuple[int, ...]]]:
        mine = str(self.sample[self.field])
        again, other = (mine.upper(), "other@example.com") if self.field == "email" else (mine, "other")
        wrong = ("nobody", "two@at@example.com") if self.field == "email" else ("", "Two Words", mine.upper())
        yield self._call({}), (201,)
        yield self._call({self.field: again}), (409,)
        for one in wrong:
            yield self._call({self.field: one}), (422,)
        yield self._call({self.field: other, "password": "short"}), (422,)
        yield self._call({self.field: other, "password": "x" * 5000}), (422,)

    def _check_answer(self, calls: Sequence[Call], answers: Sequence[Answer]) -> None:
        for call, answer in zip(calls, answers, strict=True):
            _fail_unless(self.secret not in answer.body, call, answer, "the answer holds the password")
        shown = {name.lower() for name in _names(answers[0])}
        hidden = {name for name in shown if "password" in name or "hash" in name}
        _fail_unless(not hidden, calls[0], answers[0], f"the answer has {', '.join(sorted(hidden))}")

    def _check_rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        mine = [row for row in rows if row.get(self.login) == self.sample[self.field]]
        if len(mine) != 1:
            raise StepFailed(f"{self.table} holds {len(mine)} rows for the account, and one was promised")
        stored = mine[0].get(self.password, "")
        if self.secret in "".join(mine[0].values()) or len(stored) < len(self.secret) * 2:
            raise StepFailed(f"{self.table}.{self.password} does not hold a hash of the password")


def _names(answer: Answer) -> set[str]:
    """Return the names in a JSON object."""
    body = answer.json_body
    return set(cast("dict[str, Any]", body)) if isinstance(body, dict) else set()


def _fail_unless(holds: bool, call: Call, answer: Answer, why: str) -> None:
    if not holds:
        status = answer.status if answer.status is not None else f"no answer ({answer.error})"
        raise StepFailed(f"{call.shown} was answered with {status}: {why}\n{answer.told}")
