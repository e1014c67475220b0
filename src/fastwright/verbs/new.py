"""`new`: a design goes in, a proven backend comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pydantic import SecretStr

from fastwright.changes import AddFile, Change
from fastwright.design import read_shorthand, read_yaml, renamed, with_options, write_yaml
from fastwright.design.database import read_tables
from fastwright.design.model import Design, Frozen
from fastwright.design.openapi import read_openapi
from fastwright.design.sketch import Imported
from fastwright.errors import InputError
from fastwright.proof.backend import backend_steps
from fastwright.proof.guard import Guard
from fastwright.proof.landing import land
from fastwright.proof.lockfile import locked_versions
from fastwright.proof.model import Progress, Proof, Step, silent
from fastwright.proof.reflecting import reflected
from fastwright.proof.report import NAMED_PACKAGES, report
from fastwright.proof.runner import run_steps
from fastwright.proof.staging import Stage, disk_errors, staged
from fastwright.proof.workspace import sandboxes
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.record import RECORD, Record
from fastwright.verbs.explanation import Explanation, explain_new


class NewRequest(Frozen):
    """What to build, and where: it lands at `directory / name`.

    It comes from a YAML file, from shorthand, or from what exists: an OpenAPI document, or the tables of a database,
    which is only read. `options` are added to those of the design.
    """

    name: str
    design: Path | None = None
    resources: tuple[str, ...] = ()
    from_openapi: Path | None = None
    from_db: SecretStr | None = None
    options: tuple[str, ...] = ()
    directory: Path = Path()
    dry_run: bool = False


class NewResult(Frozen):
    """What was done. `landed` is false after a dry run, and when a step of the proof did not pass.

    `left_out` has a sentence for everything in a document or a database that the design does not have.
    """

    change: Change
    proof: Proof
    landed: bool
    directory: Path
    explanation: Explanation
    left_out: tuple[str, ...] = ()


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
    imported = read_design(request)
    design = imported.design
    with staged(request.directory / design.name) as stage:
        change = _change(imported, workshop)
        with disk_errors(stage.target):
            change.apply(stage.project)
        with Guard() as guard:
            proof = run_steps(workshop.steps(stage.project), sandboxes(stage, guard), progress=progress)
        if landed := proof.proven and not request.dry_run:
            _add_report(stage, proof)
            land(stage)
        return NewResult(
            change=change,
            proof=proof,
            landed=landed,
            directory=stage.target,
            explanation=explain_new(design),
            left_out=imported.left_out,
        )


def read_design(request: NewRequest) -> Imported:
    """Return the design that is asked for, under the name that is asked for, and what it leaves out of its source."""
    imported = _from_source(request)
    return replace(imported, design=with_options(imported.design, request.options))


def _from_source(request: NewRequest) -> Imported:
    sources = {
        "a design file": request.design,
        "-r": request.resources,
        "--from-openapi": request.from_openapi,
        "--from-db": request.from_db,
    }
    given = [name for name, source in sources.items() if source]
    if len(given) > 1:
        hint = "write the resources into the file" if "-r" in given else "name one of them"
        raise InputError(f"{' and '.join(given)} cannot be combined", hint=hint)
    if request.from_openapi:
        return read_openapi(request.from_openapi, request.name)
    if request.from_db:
        settings = render_backend(read_shorthand(request.name, ()))[PurePosixPath("pyproject.toml")]
        return read_tables(reflected(request.from_db.get_secret_value(), settings), request.name)
    if request.design:
        return Imported(renamed(read_yaml(request.design), request.name), ())
    return Imported(read_shorthand(request.name, request.resources), ())


def _change(imported: Imported, workshop: Workshop) -> Change:
    design = imported.design
    files = dict(workshop.render(design))
    if imported.left_out:
        files[PurePosixPath("design.yaml")] = _as_file(imported)
    files[PurePosixPath(RECORD)] = Record(design, dict(files)).text()
    return Change(
        summary=f"a new backend, {design.name}",
        operations=tuple(
            AddFile(path=str(path), content=text, executable=text.startswith("#!")) for path, text in files.items()
        ),
    )


def _as_file(imported: Imported) -> str:
    """Return the design as a file to be edited, on top of it what is not in it."""
    lines = [
        "# What this backend was written from. Edit it, then: fastwright upgrade --design design.yaml",
        *(["#", "# Left out:"] if imported.left_out else []),
        *(f"# - {sentence}" for sentence in imported.left_out),
    ]
    return "\n".join([*lines, write_yaml(imported.design)])


def _add_report(stage: Stage, proof: Proof) -> None:
    versions = locked_versions(stage.project / "uv.lock", NAMED_PACKAGES)
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    with disk_errors(stage.target):
        (stage.project / "PROOF.md").write_text(report(proof, versions, today), encoding="utf-8")
