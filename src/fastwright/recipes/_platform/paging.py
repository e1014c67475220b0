"""The promise of pages: a list is bounded, and its pages are parts of what it was, in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Answer as Answered
from fastwright.proof.calls import Around, Call, filled
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._platform.limiting import guards

_OFFSET, _LIMIT = 20, 10


@dataclass(frozen=True)
class Paged:
    """A list, and the table whose rows it gives."""

    endpoint: Endpoint
    table: str

    @property
    def shown(self) -> str:
        return f"{self.endpoint.method} {self.endpoint.path}"


@dataclass(frozen=True)
class PagePromise:
    """Each of these lists gives `default` rows and `largest` at most, and gave all that there are before."""

    lists: tuple[Paged, ...]
    default: int
    largest: int

    @property
    def announced(self) -> Announced:
        return Announced(changes=tuple(f"parameter-added {one.shown}" for one in self.lists))

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if a page is not the part of the list that it should be."""
        for one in self.lists:
            self._hold(trial, one)
        names = ", ".join(one.shown for one in self.lists)
        return f"{names}: all of {self._rows} rows before, {self.default} now; pages are parts of the same list"

    @property
    def _rows(self) -> int:
        return self.largest + _OFFSET + 5

    def _hold(self, trial: Regression, one: Paged) -> None:
        calls = self._calls(one)
        around, whole = self._around(trial, one, calls[0])
        pages = trial.converse("after", calls, around).answers
        expected: tuple[list[Any], ...] = (
            whole[: self.default],
            whole[_OFFSET : _OFFSET + _LIMIT],
            whole[: self.largest],
            [],
        )
        for call, answer, part in zip(calls, pages, expected, strict=False):
            if _items(answer) != part:
                raise StepFailed(
                    f"{call.shown} {call.query}: not the part of the list that it should be\n{answer.body[:500]}"
                )
        for call, answer in zip(calls[len(expected) :], pages[len(expected) :], strict=True):
            if answer.status != 422:
                raise StepFailed(f"{call.shown} {call.query} is answered with {answer.outcome}, and not with 422")

    def _around(self, trial: Regression, one: Paged, call: Call) -> tuple[Around, list[Any]]:
        """Return rows that the list gives, and what it gave of them before: filters may want flags set, or not."""
        seen = ""
        for flag in (False, True):
            around = Around(admits=guards([one.endpoint]), fill={one.table: self._rows}, flag=flag)
            answer = trial.converse("before", [call], around).answers[0]
            whole = _items(answer) or []
            if len(whole) > self.largest + _OFFSET:
                return around, whole
            seen = f"{answer.status} with {len(whole)} items {answer.error[:300]}"
        raise StepFailed(f"{one.shown} could not be seen to give all of {self._rows} rows before: {seen}")

    def _calls(self, one: Paged) -> list[Call]:
        queries: Sequence[dict[str, int]] = (
            {},
            {"limit": _LIMIT, "offset": _OFFSET},
            {"limit": self.largest},
            {"offset": 10 * self._rows},
            {"limit": self.largest + 1},
            {"limit": 0},
            {"offset": -1},
        )
        return [Call(method="GET", path=filled(one.endpoint.path), query=dict(query)) for query in queries]


def _items(answer: Answered) -> list[Any] | None:
    """Return the list that an answer is, or the one list in it."""
    body = answer.json_body
    if answer.status != 200:
        return None
    if isinstance(body, list):
        return cast("list[Any]", body)
    values = cast("dict[str, Any]", body).values() if isinstance(body, dict) else ()
    lists = [cast("list[Any]", value) for value in values if isinstance(value, list)]
    return lists[0] if len(lists) == 1 else None
