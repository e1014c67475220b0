"""`new`: a design goes in, a proven backend comes out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from fastwright.changes import AddFile, Change
from fastwright.design.model import Design
from fastwright.proof.backend import backend_steps
from fastwright.proof.environment import Environment
from fastwright.proof.landing import land_new_project
from fastwright.proof.model import Progress, Proof, Step
from fastwright.proof.report import report
from fastwright.proof.runner import run_steps, sandboxes
from fastwright.proof.staging import stage_new_project
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.explain import explain_backend

NAMED_IN_REPORT = (
    "fastapi",
    "starlette",
    "pydantic",
    "sqlalchemy",
    "alembic",
    "schemathesis",
    "mypy",
    "ruff",
    "pytest",
)

PlanSteps = Callable[[Environment], tuple[Step, ...]]


class NewRequest(BaseModel):
    """What to build, and where: the project lands at `directory / design.name`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    design: Design
    directory: Path
    dry_run: bool = False


class NewResult(BaseModel):
    """What was done. `landed` is false after a dry run, and when a step of the proof failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    change: Change
    proof: Proof
    landed: bool
    path: str
    explanation: str


def new(
    request: NewRequest, progress: Progress = lambda _event: None, plan_steps: PlanSteps = backend_steps
) -> NewResult:
    """Render, stage, prove, and land the backend of `request.design`.

    Raises `InputError` if the target is taken or cannot be written. A proof that fails is a result, not an error.
    """
    target = request.directory.absolute() / request.design.name
    with stage_new_project(target) as stage:
        change = plan_backend(request.design)
        change.apply(stage.project)
        environment = Environment.of(stage.project)
        make_sandbox = sandboxes(stage.project, stage.scratch, environment.python)
        proof = run_steps(plan_steps(environment), make_sandbox, workers=max(2, os.cpu_count() or 1), progress=progress)
        if landed := proof.proven and not request.dry_run:
            page = report(proof, environment.versions(NAMED_IN_REPORT))
            (stage.project / "PROOF.md").write_text(page, encoding="utf-8")
            land_new_project(stage)
    return NewResult(
        change=change,
        proof=proof,
        landed=landed,
        path=str(target),
        explanation=explain_backend(request.design),
    )


def plan_backend(design: Design) -> Change:
    """Return the change that adds every file of the backend."""
    files = render_backend(design)
    operations = tuple(
        AddFile(path=str(path), content=text, executable=text.startswith("#!")) for path, text in files.items()
    )
    return Change(
        summary=f"a new backend, {design.name}, with {len(design.resources)} resources", operations=operations
    )
