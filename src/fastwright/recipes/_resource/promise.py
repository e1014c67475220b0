"""What has to be true of a resource, and was not before: its rows come and go by real requests, and only good ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastwright.proof.calls import Admitting, Answer, Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed

Asked = tuple[Call, int, str]


@dataclass(frozen=True)
class ResourcePromise:
    """`sample` is a body that is accepted, `changes` are others for its members, `wrongs` none that are.

    `parents` are the tables of rows that it points at, with the value that their key has to have; no two rows have the
    same in a `unique` member. `related` are those whose keys are given as a list. The `guards` of the app stand before
    what is `closed` to strangers: reads, or writes. A row of a `table` with an `owner` is that caller's alone, and so
    are the rows that `shared` members may point at, by the table and column that say so. `cleared` are statements by
    which there is no row yet.
    """

    route: str
    item: str
    key: str
    sample: Mapping[str, Any]
    changes: Mapping[str, Any]
    wrongs: Sequence[Mapping[str, Any]]
    parents: Mapping[str, tuple[str, str, object]]
    related: Mapping[str, tuple[str, str, object]]
    unique: tuple[str, ...]
    table: str
    owner: tuple[str, object] | None
    cleared: tuple[str, ...]
    shared: Mapping[str, tuple[str, str]]
    guards: tuple[Admitting, ...]
    closed: tuple[str, ...]
    method: str
    adds: tuple[str, ...]

    @property
    def announced(self) -> Announced:
        return Announced(adds=self.adds)

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` where a request is not answered as promised."""
        before = trial.converse("before", [Call(method="GET", path=self.route)]).answers[0]
        if before.status not in (404, 405):
            raise StepFailed(f"GET {self.route} answered {before.outcome} before the change, not 404")
        asked = list(self._asked())
        around = Around(admits=self.guards, fill={table: 1 for table, _key, _value in self._others})
        answers = trial.converse("after", [call for call, _status, _what in asked], around).answers
        for (call, status, what), answer in zip(asked, answers, strict=True):
            _fail_unless(answer.status == status, call, answer, f"{what}: {status} was promised")
        self._check_shown(answers)
        self._check_strangers(trial)
        closed = f"; strangers get 401 or 403 for {' and '.join(self.closed)}" if self.closed else ""
        alone = "; nobody sees rows of others" if self.owner else ""
        return (
            f"{before.status} before; now rows are added (201), listed, shown, changed and removed (204), wrong bodies"
            f" are refused (422), and what is not there is 404{alone}{closed}"
        )

    @property
    def _others(self) -> list[tuple[str, str, object]]:
        """The rows that are pointed at: their table, and the value of their key."""
        return [*self.parents.values(), *self.related.values()]

    def _asked(self) -> Iterator[Asked]:
        item = self.item.format(key="{{key}}")
        body = dict(self.sample)
        # The first request may still find the caller being made who stands in for a signed-in one.
        started = {"repeat": 2, "sql": "; ".join(self.cleared)}
        yield self._call("GET", self.route).model_copy(update=started), 200, "an empty list"
        yield self._post(body, keep={"key": f"/{self.key}"}), 201, "a row"
        yield self._call("GET", item), 200, "the row"
        yield self._call("GET", self.route), 200, "a list with the row"
        change = body if self.method == "PUT" else dict(list(self.changes.items())[:1])
        yield self._call(self.method, item, change), 200, "a change"
        for wrong in self.wrongs:
            yield self._post({**body, **wrong}), 422, f"a wrong {next(iter(wrong))}"
        for limit in ("0", "100000"):
            yield Call(method="GET", path=self.route, query={"limit": limit}), 422, f"a page of {limit}"
        for name, (_table, _key, value) in self.parents.items():
            yield self._post({**body, name: unlike(value)}), 404, f"{name} that points at nothing"
        for name, (_table, _key, value) in self.related.items():
            yield self._post({**body, name: [unlike(value)]}), 404, f"{name} that point at nothing"
            kept = body if self.method == "PUT" else {}
            yield self._call(self.method, item, {**kept, name: list[object]()}), 200, f"a row without {name}"
        if self.unique:
            repeated = {**body, **{name: self.changes[name] for name in self.changes if name not in self.unique}}
            first = change if set(change) & set(self.unique) else {}
            yield self._post({**repeated, **first}), 409, f"the same {self.unique[0]} again"
        yield self._call("DELETE", item), 204, "a removal"
        for method in ("GET", "DELETE"):
            yield self._call(method, item), 404, "the row that was removed"
        if self.owner:
            yield from self._of_others()
            yield from self._pointing_at_others()

    def _of_others(self) -> Iterator[Asked]:
        """Yield what is asked for a row that is given to somebody else: it is as if it was not there."""
        column, other = self.owner or ("", "")
        item, body = self.item.format(key="{{another}}"), dict(self.sample)
        yield self._post(body).model_copy(update={"keep": {"another": f"/{self.key}"}}), 201, "another row"
        given = f'UPDATE "{self.table}" SET "{column}" = {_literal(other)}'  # noqa: S608 - ours
        yield self._call("GET", item).model_copy(update={"sql": given}), 404, "a row of somebody else"
        change = body if self.method == "PUT" else dict(list(self.changes.items())[:1])
        yield self._call(self.method, item, change), 404, "a change of a row of somebody else"
        yield self._call("DELETE", item), 404, "a removal of a row of somebody else"
        yield self._call("GET", self.route), 200, "a list without the rows of others"

    def _pointing_at_others(self) -> Iterator[Asked]:
        """Yield bodies that point at rows of somebody else, which are as if they were not there."""
        for name, (table, column) in self.shared.items():
            given = f'UPDATE "{table}" SET "{column}" = {_literal((self.owner or ("", ""))[1])}'  # noqa: S608 - ours
            call = self._post(self.sample).model_copy(update={"sql": given})
            yield call, 404, f"{name} that points at a row of somebody else"

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Call:
        return Call(method=method, path=path, json_body=dict(body) if body is not None else None)

    def _post(self, body: Mapping[str, Any], keep: dict[str, str] | None = None) -> Call:
        given = [f'UPDATE "{table}" SET "{key}" = {_literal(value)}' for table, key, value in self._others]  # noqa: S608 - ours
        sql = "; ".join(given) if keep else ""
        return Call(method="POST", path=self.route, json_body=dict(body), keep=keep or {}, sql=sql)

    def _check_shown(self, answers: Sequence[Answer]) -> None:
        created, shown, listed, changed = (answer.json_body for answer in answers[1:5])
        if created != shown or listed != [created]:
            raise StepFailed(f"what was added is not what is shown: {created}, {shown}, {listed}")
        if self.method == "PATCH" and {name for name in created if created[name] != changed[name]} - {*self.changes}:
            raise StepFailed(f"a change of one member changes others: {created}, {changed}")
        if any(created[name] != self.sample[name] for name in self.related):
            raise StepFailed(f"the rows that were named are not shown: {created}")
        if self.owner and answers[-1 - len(self.shared)].json_body != []:
            raise StepFailed(f"the list shows rows of somebody else: {answers[-1 - len(self.shared)].body[:200]}")

    def _check_strangers(self, trial: Regression) -> None:
        if not self.closed:
            return
        calls = [Call(method=method, path=self.route) for method in ("GET", "POST") if _kind(method) in self.closed]
        for call, answer in zip(calls, trial.converse("after", calls).answers, strict=True):
            _fail_unless(answer.status in (401, 403), call, answer, "a stranger is let through")


def _kind(method: str) -> str:
    return "reads" if method == "GET" else "writes"


def _literal(value: object) -> str:
    text = str(value).replace("-", "") if _is_uuid(value) else str(value)
    return text if isinstance(value, int) else f"'{text}'"


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and value.count("-") == 4


def unlike(value: object) -> object:
    """Return a key that no row has."""
    return 4711 if isinstance(value, int) else "99999999-9999-4999-8999-999999999999" if _is_uuid(value) else "nobody"


def _fail_unless(holds: bool, call: Call, answer: Answer, why: str) -> None:
    if not holds:
        status = answer.status if answer.status is not None else f"no answer ({answer.error})"
        raise StepFailed(f"{call.shown} was answered with {status}: {why}\n{answer.body[:500]}")
