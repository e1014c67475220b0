"""`optimize`: measure how statements grow with the rows, find the cause, fix it, prove it, land it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from fastwright.changes import Change
from fastwright.design.model import Frozen
from fastwright.errors import InputError
from fastwright.measure.comparing import told
from fastwright.measure.fixes import Surroundings
from fastwright.measure.fixing import Workshop
from fastwright.measure.measured import Measurement
from fastwright.measure.model import MissingIndex
from fastwright.measure.planning import Fixes, Left
from fastwright.measure.postgres import embedded_server
from fastwright.measure.promise import GrowthPromise
from fastwright.measure.report import EndpointGrowth, Findings, Undriven, Waterfall
from fastwright.measure.running import Laboratory, Wish
from fastwright.project.model import Unresolved
from fastwright.project.where import Where
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.ground import Ground, standing_on
from fastwright.proof.guard import Guard
from fastwright.proof.model import NOT_RUN, Progress, Proof, silent
from fastwright.verbs.explanation import Explanation


class OptimizeRequest(Where):
    """What to measure in which project. `path` chooses the endpoints to fix; all are measured.

    With `indexes`, an index that is missing is added, with its migration; else it is only told.
    """

    path: str = ""
    sizes: tuple[int, ...] = (3, 30)
    writes: bool = False
    indexes: bool = False
    dry_run: bool = False


class OptimizeResult(Frozen):
    """What was measured, and what was done about it. What is `left` has the edit that a person could make."""

    endpoints: tuple[EndpointGrowth, ...]
    undriven: tuple[Undriven, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    left: tuple[Left, ...] = ()
    waterfalls: tuple[Waterfall, ...] = ()
    sizes: tuple[int, ...]
    databases: tuple[str, ...] = ()
    change: Change
    proof: Proof
    landed: bool
    explanation: Explanation
    diff: str = ""
    broken_tests: tuple[str, ...] = ()
    journal: str = ""
    refusal: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing grows among what was asked for, or what could be done about it is proven."""
        if self.change.operations:
            return self.proof.proven
        return not any(one.chosen and one.grows for one in self.endpoints)


# Is told what was measured and what is planned before it is proven; ends all by an exception if that is not wanted.
Announce = Callable[[tuple[EndpointGrowth, ...], Change], None]


def optimize(request: OptimizeRequest, progress: Progress = silent, announce: Announce | None = None) -> OptimizeResult:
    """Measure, fix, prove and land. Raises `InputError` if the project cannot be read or driven."""
    wish = Wish(sizes=_sizes(request.sizes), methods=_methods(request))
    with standing_on(request) as ground, Guard() as guard, contextlib.ExitStack() as stack:
        laboratory, before = _measured(ground, guard, wish, stack)
        chosen = _chosen(before, request.path)
        project = ground.reading.project
        found = Findings.of(before, chosen, project.models, ground.copy.project)
        around = Surroundings(project.models, project.conventions.alembic)
        fixes = Workshop(laboratory, wish, ground.copy.project, around, found, indexes=request.indexes).find()
        change = Change(summary=_summary(request), operations=tuple(fix.operation for fix in fixes.fixes))
        if not fixes.fixes:
            return _result(found, fixes, Carried(change, NOT_RUN), None, wish)
        if announce is not None:
            announce(found.endpoints(fixes, ()), change)
        alembic = project.conventions.alembic or ""
        promise = GrowthPromise(laboratory, wish, before, found.promised(fixes), _indexes(fixes), alembic)
        carried = carry_out(ground, change, promise, dry_run=request.dry_run, progress=progress)
        return _result(found, fixes, carried, promise, wish)


def measure_growth(request: OptimizeRequest) -> tuple[EndpointGrowth, ...]:
    """Return what is measured at the endpoints that were chosen, and change nothing."""
    wish = Wish(sizes=_sizes(request.sizes), methods=_methods(request))
    with standing_on(request) as ground, Guard() as guard, contextlib.ExitStack() as stack:
        _laboratory, before = _measured(ground, guard, wish, stack)
        found = Findings.of(before, _chosen(before, request.path), ground.reading.project.models, ground.copy.project)
        return tuple(one for one in found.endpoints(Fixes((), ()), ()) if one.chosen)


def _measured(ground: Ground, guard: Guard, wish: Wish, stack: contextlib.ExitStack) -> tuple[Laboratory, Measurement]:
    """Return the first measurement, on PostgreSQL if that is what the app has and a server of ours can be started."""
    scratch, project = ground.copy.stage.scratch, ground.reading.project
    laboratory = Laboratory(scratch, ground.python, ground.entry, ground.variables, guard)
    if not any(one.startswith("postgresql") for one in project.app.databases):
        before = laboratory.measure(ground.copy.project, wish)
        if not before.wants_postgres:
            return laboratory, before
    server = stack.enter_context(embedded_server(scratch, guard))
    laboratory = replace(laboratory, server=server)
    return laboratory, laboratory.measure(ground.copy.project, wish)


def _indexes(fixes: Fixes) -> frozenset[tuple[str, str]]:
    """Return the columns that get an index, each with its table."""
    causes = (cause for fix in fixes.fixes for cause in fix.causes if isinstance(cause, MissingIndex))
    return frozenset((cause.table, cause.columns[0]) for cause in causes)


def _result(
    found: Findings, fixes: Fixes, carried: Carried, promise: GrowthPromise | None, wish: Wish
) -> OptimizeResult:
    endpoints = found.endpoints(fixes, promise.comparisons if promise is not None else ())
    after = promise.after[0] if promise is not None and promise.after else None
    return OptimizeResult(
        endpoints=endpoints,
        undriven=found.undriven(),
        unresolved=found.before.unresolved(),
        left=fixes.left,
        waterfalls=found.waterfalls(after),
        sizes=wish.sizes,
        databases=found.before.databases,
        change=carried.change,
        proof=carried.proof,
        landed=carried.landed,
        explanation=_explanation(endpoints, fixes, carried, wish),
        diff=carried.diff,
        broken_tests=carried.broken_tests,
        journal=carried.journal,
        refusal=carried.refused.reason if carried.refused else "",
    )


def _explanation(endpoints: Sequence[EndpointGrowth], fixes: Fixes, carried: Carried, wish: Wish) -> Explanation:
    costs = [
        f"{one.method} {one.path} shares the code: {told(one.after)} statements in place of {told(one.queries)}."
        for one in endpoints
        if one.after and one.after[min(one.after)] > one.queries[min(one.queries)] and not one.fix
    ]
    return Explanation(
        summary=_told_summary([one for one in endpoints if one.chosen], wish),
        decisions=tuple(fix.operation.explain() for fix in fixes.fixes),
        risks=(*costs, *carried.not_proven),
        alternatives=tuple(one.told for one in fixes.left),
        next_steps=(
            *(("git diff", "fastwright undo  # takes it back") if carried.landed else ()),
            *_elsewhere(endpoints),
        ),
    )


def _elsewhere(endpoints: Sequence[EndpointGrowth]) -> Iterator[str]:
    """Yield what else grows, outside of what was asked for."""
    for one in endpoints:
        if one.grows and not one.chosen:
            fails = any(getattr(cause, "fails", False) for cause in one.causes)
            how = "fails as soon as there are rows" if fails else f"takes {told(one.queries)} statements for more rows"
            yield f"fastwright optimize {one.path}  # {one.method} {how}"


def _told_summary(endpoints: Sequence[EndpointGrowth], wish: Wish) -> str:
    failing = [one for one in endpoints if any(getattr(cause, "fails", False) for cause in one.causes)]
    growing = [one for one in endpoints if one.grows and one not in failing]
    if not growing and not failing:
        none = f"none of {len(endpoints)} endpoints takes" if len(endpoints) > 1 else "the one endpoint takes no"
        rows = f"{wish.sizes[0]} and {wish.sizes[-1]} rows"
        return f"{none} more statements for more rows (measured with {rows})"
    counted = ((growing, "more statements for more rows", "take"), (failing, "as soon as there are rows", "fail"))
    told = [f"{_counted(ones, len(endpoints), verb)} {what}" for ones, what, verb in counted if ones]
    return f"{' and '.join(told)}; {sum(bool(one.fix) for one in (*growing, *failing))} fixed"


def _counted(ones: Sequence[EndpointGrowth], of: int, verb: str) -> str:
    return f"{len(ones)} of {of} endpoints {verb if len(ones) > 1 else verb + 's'}"


def _chosen(measurement: Measurement, path: str) -> list[int]:
    """Return the numbers of the endpoints at a path and below it. Raises `InputError` if there is none."""
    prefix = "/" + path.strip("/")
    found = [
        number
        for number, one in enumerate(measurement.endpoints)
        if not path.strip("/") or one.path.rstrip("/") == prefix or one.path.startswith(f"{prefix}/")
    ]
    if path.strip("/") and not found:
        raise InputError(f"no endpoint that is measured is at {prefix}", hint="see what there is: fastwright map")
    return found


def _sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    wanted = tuple(sorted(set(sizes)))
    if len(wanted) < 2 or wanted[0] < 1 or wanted[-1] > 1000:
        raise InputError("growth takes two sizes, from 1 to 1000 rows", hint="for example --sizes 3,30")
    return wanted


def _methods(request: OptimizeRequest) -> tuple[str, ...]:
    return ("GET", "POST", "PUT", "PATCH", "DELETE") if request.writes else ("GET",)


def _summary(request: OptimizeRequest) -> str:
    return f"optimize {request.path or 'all endpoints'}"
