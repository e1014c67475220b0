"""The promise of filters: a list narrowed by a caller is the list as it would be if there were no other rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from fastwright.changes.add_filters import Filter
from fastwright.project.model import Endpoint
from fastwright.proof.calls import Answer, Around, Call, filled
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._conversing import quoted
from fastwright.recipes._filtering.columns import Asked
from fastwright.recipes._platform.limiting import guards

_ROWS = 8
_TYPED = frozenset({"int", "float", "Decimal", "date", "AwareDatetime", "NaiveDatetime", "bool", "UUID"})


@dataclass(frozen=True)
class _Case:
    """A query, and the rows that it asks for, as SQL."""

    query: Mapping[str, str]
    rows: str


@dataclass(frozen=True)
class FilterPromise:
    """The list takes these parameters, and each gives just the rows that it asks for; without them it is as before.

    `varied` are the columns of the table whose values differ between the rows that the promise makes.
    """

    endpoint: Endpoint
    table: str
    asked: tuple[Asked, ...]
    varied: tuple[str, ...]

    @property
    def announced(self) -> Announced:
        return Announced(changes=(f"parameter-added {self._shown}",))

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if other rows are given than those that were asked for."""
        around, whole, cases = self._seen(trial)
        asked = [self._call(case.query) for case in cases]
        alone = [self._call({}, rows=case.rows) for case in cases]
        before = trial.converse("before", [*asked, *alone], around).answers
        for case, ignored, expected in zip(cases, before, before[len(cases) :], strict=False):
            if ignored.said != whole.said:
                raise StepFailed(f"{self._shown} {_told(case)} is honoured before the change already")
            if expected.status != 200 or expected.said == whole.said:
                raise StepFailed(f"{self._shown}: no rows could be made that {_told(case)} tells apart")
        wrong = self._wrong()
        calls = [self._call({}), *asked, *wrong]
        after = trial.converse("after", calls, around).answers
        for call, answer, expected in zip(calls, after, [whole, *before[len(cases) :]], strict=False):
            if (answer.status, answer.said) != (expected.status, expected.said):
                raise StepFailed(
                    f"{self._shown} {_told(call)}: not the rows that were asked for, {answer.status} {answer.error}\n"
                    f"{answer.body[:400]}\nand not\n{expected.body[:400]}"
                )
        for call, answer in zip(wrong, after[len(calls) - len(wrong) :], strict=True):
            if answer.status != 422:
                raise StepFailed(f"{self._shown} {_told(call)} is answered with {answer.outcome}, and not with 422")
        names = ", ".join(one.parameter for column in self.asked for one in column.filters)
        return f"{self._shown}: {names} ignored before; now each, and all together, give just the rows asked for"

    @property
    def _shown(self) -> str:
        return f"{self.endpoint.method} {self.endpoint.path}"

    def _seen(self, trial: Regression) -> tuple[Around, Answer, list[_Case]]:
        """Return rows that the list gives, and what may be asked of them: filters may want flags set, or not."""
        seen = ""
        for flag in (False, True):
            around = Around(
                admits=guards([self.endpoint]),
                fill={self.table: _ROWS},
                vary={self.table: self.varied},
                flag=flag,
                rows=(self.table,),
            )
            found = trial.converse("before", [self._call({})], around)
            cases = list(self._cases(found.rows[self.table]))
            whole = found.answers[0]
            if whole.status == 200 and cases and _has_rows(whole.json_body):
                return around, whole, cases
            seen = f"{whole.status} {whole.body[:200]} {whole.error[:300]}"
        raise StepFailed(f"{self._shown} could not be seen to give rows: {seen}")

    def _cases(self, rows: Sequence[Mapping[str, str]]) -> Iterator[_Case]:
        """Yield a question for each parameter, and one with all of them that a row answers."""
        together: list[_Case] = []
        for column in self.asked:
            name = column.column.column
            raw = sorted({row[name] for row in rows if row[name] != "None"}, key=_order)
            for one in column.filters if raw else ():
                chosen = raw[-1] if one.compares == ">=" else raw[0]
                yield self._case(column, one, chosen)
                together.append(self._case(column, one, rows[0][name]))
        if len(together) > 1:
            query = {name: value for case in together for name, value in case.query.items()}
            yield _Case(query, " AND ".join(case.rows for case in together))

    def _case(self, column: Asked, one: Filter, raw: str) -> _Case:
        sign = "=" if one.compares == "==" else one.compares
        literal = raw.replace("'", "''")
        return _Case(
            {one.parameter: _sent(raw, one.type, column.members)}, f"\"{column.column.column}\" {sign} '{literal}'"
        )

    def _call(self, query: Mapping[str, str], rows: str = "") -> Call:
        """Return the request; with `rows`, no others are there any more when it is sent."""
        table = quoted(self.table)
        sql = (
            f"CREATE TABLE IF NOT EXISTS every_row AS SELECT * FROM {table};"  # noqa: S608 - names of the scratch database
            f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM every_row WHERE {rows};"
        )
        path = filled(self.endpoint.path)
        return Call(method="GET", path=path, query=dict(query), sql=sql if rows else "")

    def _wrong(self) -> list[Call]:
        """Return requests with what is no value of its type, and so must be refused and not be taken for another."""
        typed = [one for column in self.asked for one in column.filters if one.type in _TYPED or column.members]
        return [self._call({one.parameter: "this is none"}) for one in typed]


def _has_rows(body: object) -> bool:
    """Tell a list with something in it, or an answer that has such a list."""
    values: list[object] = list(cast("dict[str, object]", body).values()) if isinstance(body, dict) else [body]
    return any(isinstance(value, list) and bool(cast("list[object]", value)) for value in values)


def _told(case: _Case | Call) -> str:
    return "&".join(f"{name}={value}" for name, value in case.query.items()) or "without a filter"


def _order(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


def _sent(raw: str, kind: str, members: Mapping[str, str]) -> str:
    """Return a value of the database as a caller writes it."""
    if kind == "bool":
        return "true" if raw in ("1", "True") else "false"
    return f"{raw}Z" if kind == "AwareDatetime" else members.get(raw, raw)
