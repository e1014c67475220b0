"""Two measurements held against each other, endpoint by endpoint: what got better, and whether anything got worse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from fastwright.design.model import Frozen
from fastwright.measure.measured import Measurement, Request, growth
from fastwright.measure.model import Counts, Growth

# Equal byte by byte; the same data in another order; not the same on two runs of the same code; another answer; an
# answer where there was an error; not seen.
Sameness = Literal["identical", "reordered", "unsteady", "different", "repaired", "unseen"]


class Comparison(Frozen):
    """An endpoint before and after."""

    method: str
    path: str
    before: Counts
    after: Counts
    growth: Growth
    growth_after: Growth
    response: Sameness
    seconds: float | None = None
    seconds_after: float | None = None

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_better(self) -> bool:
        return self.response == "repaired" or _slope(self.after) < _slope(self.before)

    @property
    def costs(self) -> int:
        """How many statements more it takes with few rows."""
        return self.after[min(self.after)] - self.before[min(self.before)] if self.after and self.before else 0

    @property
    def harm(self) -> str:
        """What got worse, or nothing."""
        if self.response == "different":
            return f"{self.shown} answers differently with it"
        if self.response == "unseen":
            return f"{self.shown} could be measured before, and cannot be now"
        if self.response != "repaired" and _slope(self.after) > _slope(self.before):
            return f"{self.shown} grows more: {told(self.before)} before, {told(self.after)} now"
        return ""


def told(counts: Mapping[int, int]) -> str:
    """Return `7 → 61`: the counts at the smallest and the largest size."""
    return f"{counts[min(counts)]} → {counts[max(counts)]}" if counts else "unknown"


def compare(before: Measurement, again: Measurement, after: Measurement) -> tuple[Comparison, ...]:
    """Return every endpoint that was measured; `before` and `again` are two runs of the same code."""
    return tuple(_comparisons(before, again, after))


def _comparisons(before: Measurement, again: Measurement, after: Measurement) -> Iterator[Comparison]:
    numbers = {(one.method, one.path): number for number, one in enumerate(after.endpoints)}
    for number, endpoint in enumerate(before.endpoints):
        other = numbers.get((endpoint.method, endpoint.path))
        counts = before.counts(number)
        if len(counts) < len(before.sizes):
            continue
        counts_after = after.counts(other) if other is not None else {}
        old, twice = before.requests(number), again.requests(number)
        new = after.requests(other) if other is not None else {}
        yield Comparison(
            method=endpoint.method,
            path=endpoint.path,
            before=counts,
            after=counts_after,
            growth=growth(counts),
            growth_after=growth(counts_after) if len(counts_after) == len(counts) else growth(counts),
            response=_worst(_same(old[size], twice.get(size), new.get(size)) for size in old),
            seconds=twice[max(twice)].seconds if twice else None,
            seconds_after=new[max(new)].seconds if new else None,
        )


def _same(old: Request, again: Request | None, new: Request | None) -> Sameness:
    if new is None:
        return "unseen"
    if not old.succeeded:
        return "repaired" if new.succeeded else "identical" if old.status == new.status else "different"
    if new.status != old.status or new.error:
        return "different"
    steady = old.steady and again is not None and again.body == old.body
    if new.body == old.body:
        return "identical"
    if not steady:
        return "unsteady"
    return "reordered" if new.canonical == old.canonical else "different"


_ORDER: tuple[Sameness, ...] = ("identical", "repaired", "reordered", "unsteady", "unseen", "different")


def _worst(found: Iterator[Sameness]) -> Sameness:
    return max(found, key=_ORDER.index)


def _slope(counts: Counts) -> int:
    return counts[max(counts)] - counts[min(counts)] if counts else 0
