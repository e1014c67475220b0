"""Read a project: find its interpreter and its app, run the probe, and put together what is known."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from fastwright.project.assemble import Ground, assemble
from fastwright.project.child import Outcome, run_probe
from fastwright.project.copying import copy_project
from fastwright.project.envfile import example_of_settings, read_env_file
from fastwright.project.errors import ImportRaised, ProjectError
from fastwright.project.failures import explain
from fastwright.project.interpreter import find_interpreter
from fastwright.project.locate import Entry, find_entry
from fastwright.project.model import Project, Unresolved
from fastwright.project.places import Places
from fastwright.project.remembered import Memory
from fastwright.project.source import Source, python_files


class Limits(BaseModel):
    """How long the parts of a run may take, in seconds."""

    model_config = ConfigDict(frozen=True)

    imported: float = 60.0
    startup: float = 15.0
    asking: float = 60.0

    @property
    def total(self) -> float:
        return self.imported + self.startup + self.asking


@dataclass(frozen=True)
class Reading:
    """A project, and the OpenAPI documents of its apps by the prefix under which each is served.

    `env_file` has the variables that it was imported with: the file that was named, or the example that it needs.
    """

    project: Project
    documents: Mapping[str, Any]
    env_file: Path | None = None


def read_project(
    directory: Path,
    *,
    python: Path | None = None,
    app: str | None = None,
    env_file: Path | None = None,
    limits: Limits | None = None,
) -> Project:
    """Return what the project in `directory` is. Its code runs in a child process, on a copy.

    Raises `ProjectError`, which says what is in the way and what to try next.
    """
    return read_documented(directory, python=python, app=app, env_file=env_file, limits=limits).project


def read_documented(
    directory: Path,
    *,
    python: Path | None = None,
    app: str | None = None,
    env_file: Path | None = None,
    limits: Limits | None = None,
) -> Reading:
    """Return the project as `read_project` does, with its OpenAPI documents.

    An app that cannot be imported, and comes with an example of its settings, is imported with that.
    """
    limits = limits or Limits()
    source = read_source(directory)
    entry, others = find_entry(source, app)
    ground = Ground(source, entry, others, find_interpreter(source.root, python))
    try:
        return _read(ground, env_file, limits)
    except ImportRaised:
        example = example_of_settings(source.root, entry.base) if env_file is None else None
        if example is None:
            raise
        with contextlib.suppress(ProjectError):
            return _noted(_read(ground, example, limits), example.name)
        raise


def _noted(reading: Reading, example: str) -> Reading:
    reason = "the app cannot be imported without its variables, and was given those of this example"
    project = reading.project
    unresolved = (*project.unresolved, Unresolved(subject=example, reason=reason))
    return replace(reading, project=project.model_copy(update={"unresolved": unresolved}))


def _read(ground: Ground, env_file: Path | None, limits: Limits) -> Reading:
    variables = read_env_file(env_file) if env_file else {}
    source, entry = ground.source, ground.entry
    memory = Memory.of(source.root, ground.python, f"{entry.base} {entry.shown}", variables)
    places, result = _remembered(memory, source) or _probed(memory, ground, variables, limits)
    return Reading(assemble(ground, places, result), result["operations"]["documents"], env_file)


def _remembered(memory: Memory, source: Source) -> tuple[Places, Mapping[str, Any]] | None:
    kept = memory.recall()
    return (Places(source, Path(kept["copy"])), kept["result"]) if kept else None


def _probed(
    memory: Memory, ground: Ground, variables: Mapping[str, str], limits: Limits
) -> tuple[Places, Mapping[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="fastwright-") as scratch:
        copy = Path(scratch).resolve() / "project"
        copy_project(ground.source.root, copy)
        outcome = _run(ground.python, ground.entry, copy, variables, limits)
        places = Places(ground.source, copy)
        result = _result(outcome, ground.entry, places, limits)
        memory.keep(copy, result)
        return places, result


def read_source(directory: Path) -> Source:
    """Return the parsed source of a project. Raises `ProjectError` if there is none."""
    return Source.read(checked_root(directory))


def checked_root(directory: Path) -> Path:
    """Return the root of a project. Raises `ProjectError` if it is no directory, or has no Python file in it."""
    root = directory.resolve()
    if not root.is_dir():
        raise ProjectError(f"{directory} is not a directory", hint="name the project with --project DIR")
    if next(python_files(root), None) is None:
        raise ProjectError(f"there is no Python file in {root}", hint="name the project with --project DIR")
    return root


def _run(python: Path, entry: Entry, copy: Path, variables: Mapping[str, str], limits: Limits) -> Outcome:
    base = copy / entry.base
    scratch = copy.parent / "scratch"
    scratch.mkdir()
    paths = [base, *(path for path in (copy, copy / "src") if path.is_dir() and path != base)]
    request = {
        "scratch": str(scratch),
        "temporary": str(copy.parent),
        "root": str(copy),
        "entry": {"module": entry.module, "attribute": entry.attribute, "paths": [str(path) for path in paths]},
        "seconds": limits.imported,
        "startup_seconds": limits.startup,
        "asking_seconds": limits.asking,
        "documents": True,
    }
    return run_probe(python, request, base, variables, limits.total)


def _result(outcome: Outcome, entry: Entry, places: Places, limits: Limits) -> Mapping[str, Any]:
    if outcome.result is None or "failure" in outcome.result:
        raise explain(outcome, entry, places, limits.imported)
    return outcome.result
