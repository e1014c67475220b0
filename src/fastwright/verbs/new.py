"""`new`: a design goes in, a proven backend comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastwright.changes import AddFile, Change
from fastwright.design import read_shorthand, read_yaml, renamed
from fastwright.design.model import Design, Frozen
from fastwright.errors import InputError
from fastwright.proof.backend import backend_steps
from fastwright.proof.guard import Guard
from fastwright.proof.landing import land
from fastwright.proof.lockfile import locked_versions
from fastwright.proof.model import Progress, Proof, Step, silent
from fastwright.proof.report import NAMED_PACKAGES, report
from fastwright.proof.runner import run_steps
from fastwright.proof.staging import Stage, disk_errors, staged
from fastwright.proof.workspace import sandboxes
from fastwright.scaffold.engine import render_backend
from fastwright.verbs.explanation import Explanation, explain_new


class NewRequest(Frozen):
    """What to build, from a YAML file or from shorthand, and where: it lands at `directory / name`."""

    name: str
    design: Path | None = None
    resources: tuple[str, ...] = ()
    directory: Path = Path()
    dry_run: bool = False


class NewResult(Frozen):
    """What was done. `landed` is false after a dry run, and when a step of the proof did not pass."""

    change: Change
    proof: Proof
    landed: bool
    directory: Path
    explanation: Explanation


@dataclass(frozen=True)
class Workshop:
    """How a design becomes files, and which steps prove what was staged."""

    render: Callable[[Design], Mapping[PurePosixPath, str]] = render_backend
    steps: Callable[[Path], tuple[Step, ...]] = backend_steps


def new(request: NewRequest, progress: Progress = silent, workshop: Workshop | None = None) -> NewResult:
    """Stage the backend that is asked for, prove it, and land it.

    Raises `InputError` if the design is wrong or the place is taken. A proof that does not hold is a result.
    """
    workshop = workshop or Workshop()
    design = read_design(request)
    with staged(request.directory / design.name) as stage:
        change = _change(design, workshop)
        with disk_errors(stage.target):
            change.apply(stage.project)
        with Guard() as guard:
            proof = run_steps(workshop.steps(stage.project), sandboxes(stage, guard), progress=progress)
        if landed := proof.proven and not request.dry_run:
            _add_report(stage, proof)
            land(stage)
        return NewResult(
            change=change, proof=proof, landed=landed, directory=stage.target, explanation=explain_new(design)
        )


def read_design(request: NewRequest) -> Design:
    """Return the design that is asked for, under the name that is asked for."""
    if request.design and request.resources:
        raise InputError("a design file and -r cannot be combined", hint="write the resources into the file")
    if request.design:
        return renamed(read_yaml(request.design), request.name)
    return read_shorthand(request.name, request.resources)


def _change(design: Design, workshop: Workshop) -> Change:
    return Change(
        summary=f"a new backend, {design.name}",
        operations=tuple(
            AddFile(path=str(path), content=text, executable=text.startswith("#!"))
            for path, text in workshop.render(design).items()
        ),
    )


def _add_report(stage: Stage, proof: Proof) -> None:
    versions = locked_versions(stage.project / "uv.lock", NAMED_PACKAGES)
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    with disk_errors(stage.target):
        (stage.project / "PROOF.md").write_text(report(proof, versions, today), encoding="utf-8")
