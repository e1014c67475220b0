"""What is told of a measurement: each endpoint with its growth, causes and time, and the statements of the slowest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from fastwright.design.model import Frozen
from fastwright.measure.causes import find_causes
from fastwright.measure.comparing import Comparison, Sameness
from fastwright.measure.loops import Loops
from fastwright.measure.measured import Measurement, Request, Size, growth
from fastwright.measure.model import Cause, Counts, Growth
from fastwright.measure.notes import find_notes
from fastwright.measure.planning import Fixes, identity
from fastwright.measure.sentences import sentences
from fastwright.project.model import Model

_SLOWEST = 4
_BARS = 120


class HotLine(Frozen):
    """A line of the app, and how long a request is there or in what it calls; `part` is what takes the time."""

    file: str
    line: int
    part: str
    seconds: float


class EndpointGrowth(Frozen):
    """An endpoint as it was measured, and what became of it.

    `causes` make its statements grow; `notes` are what else was seen. Counts are by the number of rows, seconds are of
    one request with the most rows, and `spent` is where they went.
    """

    method: str
    path: str
    queries: Counts
    growth: Growth
    cause: str | None = None
    fix: str | None = None
    after: Counts | None = None
    growth_after: Growth | None = None
    same_response: bool | None = None
    response: Sameness | None = None
    seconds: float | None = None
    seconds_after: float | None = None
    entries: Counts = Field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    notes: tuple[Cause, ...] = ()
    spent: dict[str, float] = Field(default_factory=dict)
    lines: tuple[HotLine, ...] = ()
    chosen: bool = True

    @property
    def grows(self) -> bool:
        """Whether it takes more statements for more rows, or fails as soon as there are any."""
        return bool(self.causes) or self.growth != "constant"


class Bar(Frozen):
    """A statement in a request: when it began, how long it took, and the line of the app that it comes from."""

    sql: str
    site: str
    start: float
    seconds: float


class Waterfall(Frozen):
    """The statements of one request with the most rows. `hidden` are those that are left out here."""

    method: str
    path: str
    before: tuple[Bar, ...]
    after: tuple[Bar, ...] | None = None
    hidden: int = 0


class Undriven(Frozen):
    """An endpoint that could not be measured, and why; `asked` is the address that it was asked at, if it was.

    `notes` are what was seen until it failed, such as a request to another host, which is refused here.
    """

    method: str
    path: str
    reason: str
    asked: str = ""
    notes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class Findings:
    """A measurement with the causes and notes of each endpoint, by its number."""

    before: Measurement
    chosen: frozenset[int]
    causes: dict[int, tuple[Cause, ...]]
    notes: dict[int, tuple[Cause, ...]]

    @classmethod
    def of(cls, before: Measurement, chosen: Sequence[int], models: Sequence[Model], tree: Path) -> Findings:
        loops = Loops(tree)
        numbers = range(len(before.endpoints))
        return cls(
            before,
            frozenset(chosen),
            {number: find_causes(before, number, loops) for number in numbers},
            {number: find_notes(before, number, models, tree) for number in numbers},
        )

    def promised(self, fixes: Fixes) -> frozenset[tuple[str, str]]:
        """Return the endpoints, of those that were chosen, of which a cause is taken away."""
        fixed = {identity(cause) for fix in fixes.fixes for cause in fix.causes}
        return frozenset(
            (one.method, one.path)
            for number, one in enumerate(self.before.endpoints)
            if number in self.chosen and any(identity(cause) in fixed for cause in self.causes[number])
        )

    def endpoints(self, fixes: Fixes, comparisons: Sequence[Comparison]) -> tuple[EndpointGrowth, ...]:
        compared = {(one.method, one.path): one for one in comparisons}
        edits = {identity(cause): fix.operation.explain() for fix in fixes.fixes for cause in fix.causes}
        return tuple(
            self._endpoint(number, edits, compared.get((endpoint.method, endpoint.path)))
            for number, endpoint in enumerate(self.before.endpoints)
            if not self.before.undriven(number) or self.causes[number]
        )

    def _endpoint(self, number: int, edits: dict[str, str], comparison: Comparison | None) -> EndpointGrowth:
        endpoint, requests, causes = self.before.endpoints[number], self.before.requests(number), self.causes[number]
        counts = self.before.counts(number)
        known = [identity(cause) for cause in (*causes, *self.notes[number])]
        return EndpointGrowth(
            method=endpoint.method,
            path=endpoint.path,
            queries=counts,
            growth=growth(counts),
            cause="; ".join(sentences(causes)) or None,
            fix="; ".join(dict.fromkeys(edits[one] for one in known if one in edits)) or None,
            entries={size: one.entries for size, one in requests.items() if one.entries is not None},
            causes=causes,
            notes=tuple(note for note in self.notes[number] if identity(note) not in edits),
            chosen=number in self.chosen,
            **_spent(requests[max(requests)], comparison),
            **_after(comparison),
        )

    def undriven(self) -> tuple[Undriven, ...]:
        reasons = [(one, self.before.undriven(number), number) for number, one in enumerate(self.before.endpoints)]
        return tuple(
            Undriven(
                method=one.method,
                path=one.path,
                reason=reason,
                asked=self._asked(number),
                notes=self.notes[number],
            )
            for one, reason, number in reasons
            if reason and not self.causes[number]
        )

    def _asked(self, number: int) -> str:
        return next((one.asked for one in self.before.requests(number).values()), "")

    def waterfalls(self, after: Measurement | None) -> tuple[Waterfall, ...]:
        """Return the statements of the requests that take longest."""
        timed = {number: self.before.requests(number) for number in range(len(self.before.endpoints))}
        slow = sorted(
            (number for number, requests in timed.items() if requests and requests[max(requests)].statements),
            key=lambda number: -(timed[number][max(timed[number])].seconds or 0.0),
        )
        return tuple(self._waterfall(number, after) for number in slow[:_SLOWEST])

    def _waterfall(self, number: int, after: Measurement | None) -> Waterfall:
        endpoint, requests = self.before.endpoints[number], self.before.requests(number)
        request = requests[max(requests)]
        later = after.requests(number) if after is not None and number < len(after.endpoints) else {}
        return Waterfall(
            method=endpoint.method,
            path=endpoint.path,
            before=_bars(request, self.before.sizes[max(requests)]),
            after=_bars(later[max(later)], after.sizes[max(later)]) if after is not None and later else None,
            hidden=max(0, len(request.statements) - _BARS),
        )


def _bars(request: Request, size: Size) -> tuple[Bar, ...]:
    began = request.statements[0].at if request.statements else 0.0
    bars: list[Bar] = []
    for one in request.statements[:_BARS]:
        stack = size.stacks[one.stack]
        if not stack and one.execution is not None:  # read by the serialisation: the rows tell where they come from
            root = request.executions[request.executions[one.execution].root]
            stack = size.stacks[root.stack]
        site = stack[0].shown if stack else ""
        bars.append(Bar(sql=" ".join(one.sql.split()), site=site, start=one.at - began, seconds=one.seconds))
    return tuple(bars)


def _spent(request: Request, comparison: Comparison | None) -> dict[str, Any]:
    seconds = comparison.seconds if comparison is not None else request.seconds
    if request.spent is None:
        return {"seconds": seconds}
    lines = tuple(
        HotLine(file=file, line=line, part=part, seconds=seconds) for file, line, part, seconds in request.spent.lines
    )
    return {"seconds": seconds, "spent": request.spent.parts, "lines": lines}


def _after(comparison: Comparison | None) -> dict[str, Any]:
    if comparison is None:
        return {}
    return {
        "after": comparison.after,
        "growth_after": comparison.growth_after,
        "same_response": comparison.response == "identical",
        "response": comparison.response,
        "seconds_after": comparison.seconds_after,
    }
