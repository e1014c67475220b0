"""The promise of requests that are sent twice: the second one is answered like the first, and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Answer, Call, Conversation
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._conversing import quoted
from fastwright.recipes._idempotency.asking import Shown

_REPLAYED = "idempotency-replayed"
_LONG_AGO = "2001-01-01 00:00:00.000000"


@dataclass(frozen=True)
class OncePromise:
    """The `shown` requests are done once, whose keys are kept in `table`; all `endpoints` take a key.

    `caller` is the table of those who call and its key, unless strangers do.
    """

    endpoints: tuple[Endpoint, ...]
    shown: tuple[Shown, ...]
    table: str
    caller: tuple[str, str] | None

    @property
    def announced(self) -> Announced:
        return Announced(changes=tuple(f"parameter-added {one.method} {one.path}" for one in self.endpoints))

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if something is done twice, or answered to somebody else."""
        done_twice = [self._hold(trial, one) for one in self.shown]
        if not any(done_twice):
            raise StepFailed("before the change, sending any of these twice changed nothing either")
        names = ", ".join(f"{one.endpoint.method} {one.endpoint.path}" for one in self.shown)
        others = len(self.endpoints) - len(self.shown)
        rest = f"; {others} more take a key, and could not be called here" if others else ""
        caller = "another caller, " if self.caller else ""
        return (
            f"{names}: done twice before; now the same answer for the same key and no row more, 422 for another"
            f" request, 409 while one is under way; done anew for {caller}another key, none, and after a day{rest}"
        )

    def _hold(self, trial: Regression, one: Shown) -> bool:
        """Hold one request to it; return whether it was done twice before."""
        first, table = _keyed(one.call, "first"), quoted(self.table)
        pairs = [trial.converse(side, [first, first], one.around) for side in ("before", "after")]
        alone = trial.converse("after", [first], one.around)
        _check_same(one, alone, pairs[1])
        calls: list[tuple[str, Call]] = [
            ("the same", first),
            ("again", first),
            ("another request", first.model_copy(update={"query": {**first.query, "other": "1"}})),
            ("under way", first.model_copy(update={"sql": f"UPDATE {table} SET status = NULL"})),  # noqa: S608 - quoted
            ("old", first.model_copy(update={"sql": f"UPDATE {table} SET created_at = '{_LONG_AGO}'"})),  # noqa: S608
            ("another key", _keyed(one.call, "second")),
            ("no key", one.call),
            *self._by_somebody_else(first),
        ]
        if isinstance(one.call.json_body, dict):
            body = cast("dict[str, Any]", one.call.json_body)
            other = first.model_copy(update={"json_body": {**body, "something": "else"}})
            calls.insert(3, ("another body", other))
        answers = trial.converse("after", [call for _why, call in calls], one.around).answers
        for (why, call), answer in zip(calls, answers, strict=True):
            _check(call, why, answer, one.status)
        if self.caller is None and answers[0].status != one.status:
            raise StepFailed(f"{one.call.shown} was answered with {one.status}, and is with {answers[0].status}")
        old = pairs[0]
        return old.answers[0].body != old.answers[1].body or _counts(old) != _counts(
            trial.converse("before", [first], one.around)
        )

    def _by_somebody_else(self, first: Call) -> list[tuple[str, Call]]:
        """Return the same request by the second row of those who call: the first one is not there any more."""
        if self.caller is None:
            return []
        table, key = map(quoted, self.caller)
        gone = f"DELETE FROM {table} WHERE {key} = (SELECT MIN({key}) FROM {table})"  # noqa: S608 - names are quoted
        return [("another caller", first.model_copy(update={"sql": gone}))]


def _check(call: Call, why: str, answer: Answer, status: int) -> None:
    replayed = _REPLAYED in answer.headers
    wanted = {"the same": (status,), "again": (status,), "another request": (422,), "another body": (422,)}
    statuses = wanted.get(why, (409,) if why == "under way" else ())
    if statuses and answer.status not in statuses:
        raise StepFailed(f"{call.shown}, {why}: answered with {answer.status} {answer.error}\n{answer.body[:300]}")
    if why == "again" and not replayed:
        raise StepFailed(f"{call.shown}, {why}: was not answered from what was stored")
    if why != "again" and replayed:
        raise StepFailed(f"{call.shown}, {why}: answered from what was stored for another request")
    if not statuses and "Idempotency-Key" in answer.body:
        raise StepFailed(f"{call.shown}, {why}: refused with {answer.status}\n{answer.body[:300]}")


def _check_same(one: Shown, alone: Conversation, twice: Conversation) -> None:
    """Check that two requests with a key leave as many rows as one, and that both are answered alike."""
    if _counts(alone) != _counts(twice):
        raise StepFailed(f"{one.call.shown} sent twice with one key leaves other rows than sent once")
    first, second = twice.answers
    same = ("content-type", "location", "etag")
    if (first.status, first.body) != (second.status, second.body) or any(
        first.headers.get(name) != second.headers.get(name) for name in same
    ):
        raise StepFailed(
            f"{one.call.shown}: the second answer is not the first\n{first.body[:200]}\n{second.body[:200]}"
        )


def _counts(talk: Conversation) -> Mapping[str, int]:
    return {table: len(rows) for table, rows in talk.rows.items()}


def _keyed(call: Call, key: str) -> Call:
    return call.model_copy(update={"headers": {**call.headers, "Idempotency-Key": f"{key}-of-the-promise"}})


def names_of(endpoints: Sequence[Endpoint]) -> str:
    """Return the endpoints, in words."""
    return ", ".join(f"{one.method} {one.path}" for one in endpoints)
