"""`prove`: a change that somebody else made is held against what was there before it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from fastwright.design.model import Frozen
from fastwright.project.copying import copy_project
from fastwright.project.envfile import read_env_file
from fastwright.project.errors import ProjectError
from fastwright.project.interpreter import find_interpreter
from fastwright.project.read import Limits, Reading, read_documented, read_source
from fastwright.project.where import Where
from fastwright.proof.access import Access, compare_access
from fastwright.proof.base import Base, changed_files, choose_base, export
from fastwright.proof.contract import Contract, compare_contracts
from fastwright.proof.guard import Guard
from fastwright.proof.journal import recover
from fastwright.proof.model import (
    Finished,
    NotDone,
    NotThere,
    Planned,
    Progress,
    Proof,
    Started,
    Status,
    Step,
    StepFailed,
    StepResult,
    silent,
)
from fastwright.proof.pair import Pair, Side
from fastwright.proof.revisions import run_revisions
from fastwright.proof.suites import Suites, run_suites, summed_up, told
from fastwright.verbs.query_growth import Queries, checked, count_queries

Verdict = Literal["proven", "incomplete", "broken"]
# What is said of an app as a whole, and was not said before: it does not start, or cannot be described any more.
_WHOLE = frozenset({"startup", "OpenAPI", "models"})


class ProveRequest(Where):
    """Which project, against which commit. `allow` lists what the change is meant to break."""

    base: str | None = None
    allow: tuple[str, ...] = ()
    tests: bool = True
    queries: bool = True
    seconds: float = 600.0
    limits: Limits = Limits()


class Compared(Frozen):
    """The commit that the work tree was held against, and the files that differ."""

    commit: str
    reason: str
    files: tuple[str, ...]


class ProveResult(Frozen):
    """What is known of a change. `broken`: something worked before and does not now, or an endpoint became public.

    `incomplete` says that nothing broken was seen, and that a step could not be done; `absent` has the steps for which
    the project has nothing.
    """

    verdict: Verdict
    base: Compared
    proof: Proof
    contract: Contract
    access: tuple[Access, ...]
    tests: Suites | None
    absent: dict[str, str]
    queries: Queries = Queries()

    @property
    def became_public(self) -> tuple[Access, ...]:
        return tuple(row for row in self.access if row.severity == "public")


def prove(request: ProveRequest, progress: Progress = silent) -> ProveResult:
    """Hold the work tree against its base.

    Raises `InputError` if there is no base, or if what was there before the change cannot be read. A change that
    breaks something is a result.
    """
    project = request.project.resolve()
    recover(project)
    base = choose_base(project, request.base)
    files = changed_files(project, base)
    python = find_interpreter(project, request.python)
    variables = read_env_file(request.env_file) if request.env_file else {}
    with tempfile.TemporaryDirectory(prefix="fastwright-", ignore_cleanup_errors=True) as root, Guard() as guard:
        pair = Pair(Path(root).resolve(), project, python, guard, request.app, variables)
        export(project, base, pair.tree("before"))
        copy_project(project, pair.tree("after"))
        run = _Run(request, pair, base)
        proof = run.to_the_end(progress)
    return ProveResult(
        verdict="broken" if proof.failures else "proven" if proof.proven else "incomplete",
        base=Compared(commit=base.commit, reason=base.reason, files=files),
        proof=proof,
        contract=run.contract,
        access=run.access,
        tests=run.tests,
        absent=run.absent,
        queries=run.queries,
    )


Plan = tuple[tuple[Step, Callable[[], str]], ...]


@dataclass
class _Run:
    """What the steps find out, one after the other."""

    request: ProveRequest
    pair: Pair
    base: Base
    before: Reading | None = None
    after: Reading | None = None
    contract: Contract = field(default_factory=Contract)
    access: tuple[Access, ...] = ()
    tests: Suites | None = None
    queries: Queries = field(default_factory=Queries)
    results: list[StepResult] = field(default_factory=list[StepResult])
    absent: dict[str, str] = field(default_factory=dict[str, str])

    def to_the_end(self, progress: Progress) -> Proof:
        started = time.monotonic()
        plan = self._plan()
        progress(Planned(tuple(step for step, _action in plan)))
        for step, action in plan:
            progress(Started(step))
            result = self._result(step, action)
            if step.name not in self.absent:
                self.results.append(result)
            progress(Finished(result))
        return Proof(steps=tuple(self.results), seconds=round(time.monotonic() - started, 2))

    def _plan(self) -> Plan:
        again = f"fastwright prove --base {self.base.short} --json"
        return (
            (_step("app", "App", "fastwright map"), self._read),
            (_step("access", "Access", again), self._compare_access),
            (_step("contract", "Contract", again), self._compare_contracts),
            (_step("tests", "Tests", "python -m pytest"), self._run_tests),
            (_step("migrations", "Migrations", "alembic upgrade head && alembic check"), self._run_migrations),
            (_step("queries", "Queries", "fastwright optimize --dry-run"), self._count_queries),
        )

    def _result(self, step: Step, action: Callable[[], str]) -> StepResult:
        started = time.monotonic()
        status: Status = "passed"
        try:
            evidence = action()
        except StepFailed as error:
            status, evidence = "failed", str(error)
        except NotThere as error:
            self.absent[step.name] = str(error)
            status, evidence = "skipped", str(error)
        except NotDone as error:
            status, evidence = "skipped", str(error)
        return StepResult(
            name=step.name,
            title=step.title,
            status=status,
            seconds=round(time.monotonic() - started, 2),
            evidence=evidence,
            command=step.command,
        )

    def _read(self) -> str:
        before, after = self.pair.in_both(self._reading)
        if isinstance(before, ProjectError):
            if isinstance(after, ProjectError):
                raise _without_static(after)
            raise ProjectError(
                f"before the change ({self.base.short}) it could not be read: {before.message}",
                hint="name a commit that works: --base REV, or give it what it needs with --env-file FILE",
            )
        if isinstance(after, ProjectError):
            raise StepFailed(self._reason(after))
        self.before, self.after = before, after
        if after.env_file is not None:
            # What the import was given, tests and migrations are given, too: it may be the example of its settings.
            self.pair = replace(self.pair, variables=read_env_file(after.env_file))
        known = {one.subject for one in before.project.unresolved}
        worse = [one for one in after.project.unresolved if one.subject in _WHOLE and one.subject not in known]
        if worse:
            raise StepFailed("\n".join(f"{one.subject}: {one.reason}" for one in worse))
        old, new = len(before.project.endpoints), len(after.project.endpoints)
        return f"{new} endpoints" if old == new else f"{new} endpoints, {old} before"

    def _reason(self, error: ProjectError) -> str:
        """Return why the change cannot be read, and what cannot be parsed: no app can be found there either."""
        tree = self.pair.tree("after")
        unparsed = [(file.path, *file.problem) for file in read_source(tree).own if file.problem]
        lines = [f"{file}:{line}: cannot be parsed: {problem}" for file, line, problem in unparsed]
        told = f"{_place(error.file, error.line)}{error.message}".replace(str(tree), str(self.pair.original))
        return "\n".join([told, *lines])

    def _reading(self, side: Side) -> Reading | ProjectError:
        request = self.request
        try:
            return read_documented(
                self.pair.tree(side),
                python=self.pair.python,
                app=request.app,
                env_file=request.env_file,
                limits=request.limits,
            )
        except ProjectError as error:
            return error

    @property
    def _readings(self) -> tuple[Reading, Reading]:
        if self.before is None or self.after is None:
            raise NotDone("not run: the app cannot be read any more")
        return self.before, self.after

    def _compare_access(self) -> str:
        self.access = compare_access(*self._readings, self.request.allow)
        if any(row.rule == "refusal-not-seen" and row.after and row.after.status is None for row in self.access):
            self._read()  # not answered in time: on a busy machine that may be nobody's fault
            self.access = compare_access(*self._readings, self.request.allow)
        harmful = [row for row in self.access if row.harmful]
        if harmful:
            lines = [f"{_place(row.file, row.line)}{row.shown}: {row.message}" for row in harmful]
            public = sum(row.severity == "public" for row in harmful)
            raise StepFailed("\n".join([*lines, f"{public} became public, {len(harmful) - public} weaker"]))
        changed = sum(row.severity != "same" for row in self.access)
        return f"nothing weaker; {changed} of {len(self.access)} endpoints differ" if changed else "nobody can do more"

    def _compare_contracts(self) -> str:
        self.contract = compare_contracts(*self._readings, self.request.allow)
        breaking = [pair for pair in self.contract.changes("breaking") if not pair[1].announced]
        added, more = len(self.contract.added), sum(1 for _pair in self.contract.changes("warning", "note"))
        if breaking:
            lines = [
                f"{_place(operation.file, operation.line)}{operation.shown}: {change.rule}"
                f"{f' ({change.where})' if change.where else ''}: {change.message}"
                for operation, change in breaking
            ]
            raise StepFailed("\n".join([*lines, f"{len(breaking)} breaking, {more} other changes, {added} added"]))
        return f"nothing breaking; {more} other changes, {added} endpoints added"

    def _run_tests(self) -> str:
        if not self.request.tests:
            raise NotDone("not run, as asked")
        if self.after is None:
            raise NotDone("not run: the app cannot be read any more")
        self.tests = run_suites(self.pair, self.request.seconds)
        if self.tests.harmful and not {"tests", "tests-missing"}.intersection(self.request.allow):
            raise StepFailed(told(self.tests))
        return summed_up(self.tests)

    def _run_migrations(self) -> str:
        before, after = self._readings
        places: dict[Side, str | None] = {
            "before": before.project.conventions.alembic,
            "after": after.project.conventions.alembic,
        }
        return run_revisions(self.pair, places, self.request.seconds)

    def _count_queries(self) -> str:
        try:
            _ = self._readings
            if not self.request.queries:
                raise NotThere("left out, as asked")
            self.queries = count_queries(self.pair, self.request.allow)
        except NotDone as reason:
            self.queries = Queries(reason=f"not measured: {reason}")
            raise
        return checked(self.queries)


def _without_static(error: ProjectError) -> ProjectError:
    """Return the error without the advice to look at the source alone: nothing could be proven that way."""
    hint = "; ".join(part for part in error.hint.split("; ") if "--static" not in part)
    return type(error)(error.message, hint=hint or "make it start by hand first", file=error.file, line=error.line)


def _step(name: str, title: str, command: str) -> Step:
    return Step(name=name, title=title, action=lambda _sandbox: "", command=command)


def _place(file: str | None, line: int | None) -> str:
    return f"{file}:{line}: " if file and line else ""
