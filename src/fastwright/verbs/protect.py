"""`protect`: the app's own guard on the endpoints under a path, proven on a copy before it lands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastwright.changes import Change
from fastwright.changes.outcome import Refused
from fastwright.design.model import Frozen
from fastwright.project.envfile import read_env_file
from fastwright.project.interpreter import find_interpreter
from fastwright.project.locate import Entry, find_entry
from fastwright.project.read import Reading, read_documented, read_source
from fastwright.project.source import Source
from fastwright.proof.admitted import Stand
from fastwright.proof.copying import ProjectCopy, copy_project
from fastwright.proof.guard import Guard
from fastwright.proof.journal import land_edits
from fastwright.proof.model import Progress, Proof, silent
from fastwright.proof.promise import AccessChange
from fastwright.proof.protected import Protection
from fastwright.proof.regression import has_pytest
from fastwright.proof.runner import run_steps
from fastwright.proof.workspace import sandboxes
from fastwright.recipes._recipe import Already, Known, Plan, Refusal
from fastwright.recipes.protect import Wish
from fastwright.recipes.protect import protect as plan_protection
from fastwright.verbs.explanation import EndpointAccess, Explanation

NO_PROOF = Proof(steps=(), seconds=0.0)


class ProtectRequest(Frozen):
    """What to protect in which project, and how to import it."""

    path: str
    methods: tuple[str, ...] = ()
    role: str | None = None
    exceptions: tuple[str, ...] = ()
    project: Path = Path()
    python: Path | None = None
    app: str | None = None
    env_file: Path | None = None
    dry_run: bool = False


class ProtectResult(Frozen):
    """What was done. `access` is what was announced, and what was seen where a proof was run.

    Nothing landed where there is a `refusal`, where it was there `already`, after a dry run, and where a step failed.
    """

    change: Change
    proof: Proof
    landed: bool
    explanation: Explanation
    access: tuple[AccessChange, ...] = ()
    diff: str = ""
    broken_tests: tuple[str, ...] = ()
    already: str = ""
    refusal: Refusal | None = None
    journal: str = ""

    @property
    def done(self) -> bool:
        """Whether all is as it was asked for, or would be without the dry run."""
        return bool(self.already) or (self.refusal is None and self.proof.proven)


# Is told the plan before anything is staged, and ends all by an exception if that is not wanted.
Announce = Callable[[Plan], None]


@dataclass(frozen=True)
class _Ground:
    """The project as it is before the change."""

    copy: ProjectCopy
    source: Source
    entry: Entry
    python: Path
    reading: Reading


def protect(request: ProtectRequest, progress: Progress = silent, announce: Announce | None = None) -> ProtectResult:
    """Plan the guard, prove it on a copy, and land it. Raises `InputError` if nothing matches or can be read."""
    root = request.project.resolve()
    read_source(root)
    with copy_project(root) as copy:
        ground = _read(request, copy)
        wish = Wish(request.path, request.methods, request.role, request.exceptions)
        answer = plan_protection(Known(ground.reading.project, ground.source), wish)
        if isinstance(answer, Plan):
            if announce is not None:
                announce(answer)
            return _carry_out(request, ground, answer, progress)
        return _unchanged(answer, wish)


def _read(request: ProtectRequest, copy: ProjectCopy) -> _Ground:
    source = read_source(copy.project)
    entry, _others = find_entry(source, request.app)
    python = find_interpreter(request.project.resolve(), request.python)
    reading = read_documented(copy.project, python=python, app=entry.shown, env_file=request.env_file)
    return _Ground(copy, source, entry, python, reading)


def _carry_out(request: ProtectRequest, ground: _Ground, plan: Plan, progress: Progress) -> ProtectResult:
    copy = ground.copy
    before = Path(shutil.copytree(copy.project, copy.stage.scratch / "before", symlinks=True))
    for outcome in plan.change.attempt(copy.project):
        if isinstance(outcome, Refused):
            return _refused(plan, Refusal(reason=outcome.reason, hint=outcome.hint or "attach the guard by hand"))
    edits = copy.edits()
    if not edits:
        reason = "the source has this guard at these places already, and the app does not refuse anybody for it"
        return _refused(plan, Refusal(reason=reason, hint="see why the guard lets everybody through: fastwright map"))
    protection = _protection(request, ground, plan, before)
    untested = _untested(ground)
    with Guard() as guard:
        proof = run_steps(protection.steps(tests=not untested), sandboxes(copy.stage, guard), progress=progress)
    journal = ""
    if proof.proven and not request.dry_run:
        journal = land_edits(copy.stage.target, edits, summary=plan.change.summary)
    return ProtectResult(
        change=plan.change,
        proof=proof,
        landed=bool(journal),
        explanation=_explanation(plan, untested),
        access=protection.changes or planned_access(plan),
        diff=edits.diff(),
        broken_tests=protection.broken_tests,
        journal=journal,
    )


def _protection(request: ProtectRequest, ground: _Ground, plan: Plan, before: Path) -> Protection:
    entry = ground.entry
    variables = read_env_file(request.env_file) if request.env_file else {}
    stand = Stand(ground.python, variables, entry.module, entry.attribute, entry.base)
    return Protection(stand, plan.promise, before, ground.reading, entry.shown, request.env_file)


def _untested(ground: _Ground) -> str:
    """Return why the project's own tests cannot be run, or nothing if they can."""
    if not ground.reading.project.conventions.tests.files:
        return "the project has no tests of its own"
    if not has_pytest(ground.python):
        return f"{ground.python} has no pytest"
    return ""


def planned_access(plan: Plan) -> tuple[AccessChange, ...]:
    """Return the list that is shown before anything is done."""
    return tuple(
        AccessChange(
            method=one.method,
            path=one.path,
            before="anybody" if one.was_open else "any user",
            after=f"whom {one.expression} lets through",
        )
        for one in plan.promise.closes
    )


def _explanation(plan: Plan, untested: str) -> Explanation:
    closed = plan.promise.closes
    risks = (*plan.risks, *((f"Its own tests were not run: {untested}.",) if untested else ()))
    who = plan.promise.role or "callers with credentials"
    return Explanation(
        summary=f"{plan.change.summary}: {len(closed)} endpoints are for {who} from now on",
        endpoints=tuple(EndpointAccess(method=one.method, path=one.path, access=who) for one in closed),
        decisions=plan.decisions,
        risks=risks,
        alternatives=plan.alternatives,
        next_steps=("git diff", "fastwright undo  # takes it back"),
    )


def _refused(plan: Plan, refusal: Refusal) -> ProtectResult:
    return ProtectResult(
        change=plan.change,
        proof=NO_PROOF,
        landed=False,
        explanation=_explanation(plan, ""),
        access=planned_access(plan),
        refusal=refusal,
    )


def _unchanged(answer: Already | Refusal, wish: Wish) -> ProtectResult:
    is_there = isinstance(answer, Already)
    return ProtectResult(
        change=Change(summary=f"protect {wish.shown}", operations=()),
        proof=NO_PROOF,
        landed=False,
        explanation=Explanation(
            summary=answer.reason,
            endpoints=(),
            decisions=answer.notes if isinstance(answer, Already) else (),
            risks=(),
            alternatives=(),
            next_steps=() if isinstance(answer, Already) else (answer.hint,),
        ),
        already=answer.reason if is_there else "",
        refusal=None if isinstance(answer, Already) else answer,
    )
