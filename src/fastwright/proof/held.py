"""What worked still works, and nothing differs that was not announced: the steps that every change has to pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fastwright.design.model import Frozen
from fastwright.errors import FastwrightError
from fastwright.project.read import Reading, read_documented
from fastwright.proof.access import Access, compare_access
from fastwright.proof.calls import Around, Call, Conversation, converse
from fastwright.proof.contract import Contract, compare_contracts
from fastwright.proof.ground import Ground
from fastwright.proof.model import NotDone, NotThere, Step, StepFailed
from fastwright.proof.pair import Pair, Side
from fastwright.proof.revisions import run_revisions
from fastwright.proof.suites import Suites, run_suites, summed_up, told

_LISTED = 30


class Announced(Frozen):
    """What a change says beforehand that it does to endpoints.

    `adds` are new endpoints (`POST /login`), all of which have to be there. `changes` are the differences that may be
    seen: a rule of the contract or access diff, an endpoint, or both (`parameter-added GET /items`). `tests` are those
    that go, such as `tests/test_items.py::test_items`.
    """

    adds: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.adds, *self.changes)


@dataclass
class Regression:
    """The project with the change held against the one without it; promises use it, too."""

    ground: Ground
    pair: Pair
    announced: Announced
    seconds: float
    access: tuple[Access, ...] = ()
    contract: Contract = field(default_factory=Contract)
    tests: Suites | None = None
    undone: dict[str, str] = field(default_factory=dict[str, str])
    absent: set[str] = field(default_factory=set[str])
    _after: list[Reading] = field(default_factory=list[Reading])

    @property
    def before(self) -> Reading:
        return self.ground.reading

    @property
    def after(self) -> Reading:
        """The project with the change, as it was read; there once the step `app` has passed."""
        return self._after[0]

    def converse(self, side: Side, calls: Sequence[Call], around: Around | None = None) -> Conversation:
        """Send requests to the app of one tree, and return what they are answered."""
        return converse(self.pair, side, calls, around)

    def steps(self) -> tuple[Step, ...]:
        """Return the steps; those that take longest come first."""
        needs = ("app",)
        return (
            Step("tests", "Tests", lambda _box: self._done("tests", self._run_tests), "python -m pytest"),
            Step("app", "App", lambda _box: self._read(), "fastwright map"),
            Step("access", "Access", lambda _box: self._compare_access(), "fastwright map", needs),
            Step("contract", "Contract", lambda _box: self._compare_contracts(), "compare /openapi.json", needs),
            Step(
                "migrations",
                "Migrations",
                lambda _box: self._done("migrations", self._run_migrations),
                "alembic upgrade head && alembic check",
                needs,
            ),
        )

    def _done(self, name: str, action: Callable[[], str]) -> str:
        """Return the evidence of a step. It is noted if there is nothing to do it with, or if it cannot be done."""
        try:
            return action()
        except NotThere:
            self.absent.add(name)
            raise
        except NotDone as reason:
            self.undone[name] = str(reason)
            raise

    def _read(self) -> str:
        where = self.ground.where
        try:
            after = read_documented(
                self.pair.tree("after"), python=self.ground.python, app=self.ground.entry.shown, env_file=where.env_file
            )
        except FastwrightError as error:
            raise StepFailed(f"the app cannot be imported any more: {error.message}") from error
        known = {one.reason for one in self.before.project.unresolved}
        whole = ("startup", "OpenAPI", "models")
        new = [one for one in after.project.unresolved if one.subject in whole and one.reason not in known]
        if new:
            raise StepFailed(f"{new[0].subject}: {new[0].reason}")
        self._after.append(after)
        return f"imported and started; {len(after.project.endpoints)} endpoints"

    def _compare_access(self) -> str:
        self.access = compare_access(self.before, self.after, self.announced.all)
        odd = [row for row in self.access if row.severity != "same" and not row.announced]
        _fail_for([f"{row.shown}: {row.message}" for row in odd])
        changed = sum(row.severity != "same" for row in self.access)
        others = len(self.access) - changed
        return f"{changed} as announced, the other {others} as before" if changed else "nobody can do more or less"

    def _compare_contracts(self) -> str:
        self.contract = contract = compare_contracts(self.before, self.after, self.announced.all)
        added = {one.shown for one in contract.added}
        lost = [f"{one} was announced, and is not there" for one in self.announced.adds if one not in added]
        odd = [f"{one} is new, and was not announced" for one in sorted(added - {*self.announced.all})]
        for operation in (*contract.removed, *contract.changed):
            odd += [
                f"{operation.shown}: {change.rule}{f' ({change.where})' if change.where else ''}: {change.message}"
                for change in operation.changes
                if not change.announced
            ]
        _fail_for([*lost, *odd])
        changed = len(contract.changed) + len(contract.removed)
        return f"{len(added)} endpoints added, {changed} changed, as announced" if added or changed else "as before"

    def _run_tests(self) -> str:
        self.tests = run_suites(self.pair, self.seconds, gone=frozenset(self.announced.tests))
        if self.tests.harmful:
            raise StepFailed(told(self.tests))
        return summed_up(self.tests)

    def _run_migrations(self) -> str:
        before, after = self.before.project.conventions, self.after.project.conventions
        return run_revisions(self.pair, {"before": before.alembic, "after": after.alembic}, self.seconds)


def _fail_for(problems: Sequence[str]) -> None:
    if problems:
        more = [f"… and {len(problems) - _LISTED} more"] if len(problems) > _LISTED else []
        raise StepFailed("\n".join([*problems[:_LISTED], *more, "this was not announced"]))
