"""The promise of rows that are marked: whoever asks is answered as if they were deleted, and they are still there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from fastwright.project.model import Endpoint, Model
from fastwright.proof.calls import Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._platform.limiting import refusing

_ROWS = 3
_PARAMETER = re.compile(r"\{([^}:]+)[^}]*\}")


@dataclass(frozen=True)
class MarkedPromise:
    """`deletes` marks a row of `model` from now on, in `column`; all that is read is as it was after a deletion.

    `children` are the tables whose rows refer to those of the model.
    """

    deletes: Endpoint
    model: Model
    column: str
    reads: tuple[Endpoint, ...]
    children: tuple[str, ...] = ()
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if a row is gone, or is still given to somebody."""
        around, row = self._chosen(trial)
        calls = self._calls(row)
        before, twin, after = (trial.converse(side, calls, around) for side in ("before", "before", "after"))
        table = self.model.table or ""
        if any(self._is(row, one) for one in before.rows[table]):
            raise StepFailed(f"{calls[0].shown} left the row where it was before the change already")
        self._check_rows(row, after.rows[table], len(before.rows[table]) + 1)
        for number, (call, old, again, new) in enumerate(
            zip(calls, before.answers, twin.answers, after.answers, strict=True)
        ):
            if old.status != new.status:
                where = f"{call.shown} after it" if number else call.shown
                raise StepFailed(f"{where} was answered with {old.outcome}, and is with {new.status} {new.error}")
            if old.said == again.said and old.said != new.said:
                raise StepFailed(f"{call.shown} gives what was deleted, or less than before:\n{new.body[:500]}")
        return (
            f"{calls[0].shown} answers {before.answers[0].status} as before, and so do {len(calls) - 1} requests after "
            f"it, as if the row was gone; it is still in {table}, with {self.column}"
        )

    def _chosen(self, trial: Regression) -> tuple[Around, Mapping[str, str]]:
        """Return rows, and one of them that can be deleted: what may be often depends on a flag of who asks."""
        table, seen = self.model.table or "", ""
        admits = refusing([self.deletes, *self.reads])
        # With rows that refer to it, if the app can delete it then.
        fills = [{table: _ROWS, **dict.fromkeys(self.children, 1)}, {table: _ROWS}][not self.children :]
        for fill, flag in product(fills, (False, True)):
            around = Around(admits=admits, fill=fill, flag=flag, rows=(table,))
            rows = trial.converse("before", [], around).rows[table]
            for row in rows[:1]:
                answer = trial.converse("before", self._calls(row)[:1], around).answers[0]
                if answer.status is not None and 200 <= answer.status < 300:
                    return around, row
                seen = f"{answer.status} {answer.body[:200]} {answer.error[:200]}"
        raise StepFailed(f"{self.deletes.method} {self.deletes.path} could not be seen to delete a row: {seen}")

    def _calls(self, row: Mapping[str, str]) -> list[Call]:
        """Return the deletion of a row, and what is asked afterwards; the deletion again comes last."""
        deletes = Call(method="DELETE", path=self._path(self.deletes, row))
        reads = [Call(method="GET", path=self._path(one, row)) for one in self.reads]
        return [deletes, *reads, deletes]

    def _path(self, endpoint: Endpoint, row: Mapping[str, str]) -> str:
        own = _PARAMETER.findall(self.deletes.path)[-1:]

        def value(found: re.Match[str]) -> str:
            return row.get(found[1]) or (row[self._key] if found[1] in own else "1")

        return _PARAMETER.sub(value, endpoint.path)

    def _check_rows(self, row: Mapping[str, str], rows: Sequence[Mapping[str, str]], count: int) -> None:
        found = next((one for one in rows if self._is(row, one)), None)
        if found is None:
            raise StepFailed(f"the row is not in {self.model.table} any more")
        if found.get(self.column, "None") == "None":
            raise StepFailed(f"the row is there, and {self.column} is not set")
        if len(rows) != count or any(one[self.column] != "None" for one in rows if not self._is(row, one)):
            raise StepFailed(f"other rows of {self.model.table} are not what they were")

    def _is(self, row: Mapping[str, str], other: Mapping[str, str]) -> bool:
        return row[self._key] == other[self._key]

    @property
    def _key(self) -> str:
        return next(column.column for column in self.model.columns if column.primary_key)
