"""Read a project: find its interpreter and its app, run the probe, and put together what is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from fastwright.project.ahead import ready_probe
from fastwright.project.assemble import Ground, assemble, claimed
from fastwright.project.child import Probe
from fastwright.project.copying import copy_project
from fastwright.project.envfile import example_of_settings, read_env_file
from fastwright.project.errors import ImportFailed, ImportRaised, InterpreterNotFound, ProjectError
from fastwright.project.failures import STATIC, UNKNOWN, explain
from fastwright.project.interpreter import find_interpreter
from fastwright.project.locate import find_entry
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


@dataclass(frozen=True)
class Meanwhile:
    """What is to be called while the child is at work: when it has begun, and with what the source claims.

    That is a project without models, and without what its endpoints answer.
    """

    begun: Callable[[], object] = lambda: None
    described: Callable[[Project], object] | None = None


def read_project(
    directory: Path,
    *,
    python: Path | None = None,
    app: str | None = None,
    env_file: Path | None = None,
    limits: Limits | None = None,
    known: Source | None = None,
    documented: bool = True,
    meanwhile: Meanwhile | None = None,
) -> Project:
    """Return what the project in `directory` is. Its code runs in a child process, on a copy.

    The files that are `known` are not read again. It is held against the OpenAPI documents of its apps, if it is to be
    `documented`: to make them takes as long as to ask all endpoints. Raises `ProjectError`, which says what is in the
    way and what to try next.
    """
    how = _How(app, limits or Limits(), known, documented, meanwhile or Meanwhile())
    return _reading(directory, python, env_file, how).project


def read_documented(
    directory: Path,
    *,
    python: Path | None = None,
    app: str | None = None,
    env_file: Path | None = None,
    limits: Limits | None = None,
) -> Reading:
    """Return the project as `read_project` does, with its OpenAPI documents."""
    return _reading(directory, python, env_file, _How(app, limits or Limits()))


@dataclass(frozen=True)
class _How:
    """How a project is to be read."""

    app: str | None
    limits: Limits
    known: Source | None = None
    documented: bool = True
    meanwhile: Meanwhile = field(default_factory=Meanwhile)


def _reading(directory: Path, python: Path | None, env_file: Path | None, how: _How) -> Reading:
    """Return the project; an app that cannot be imported without its settings is, with an example of them."""
    root = checked_root(directory)
    try:
        python = find_interpreter(root, python)
    except InterpreterNotFound:
        find_entry(Source.read(root), how.app)  # where there is no app, that is what is in the way
        raise
    asked = _Asked(root, python, how)
    try:
        return _read(asked, env_file)
    except ImportRaised as first:
        example = example_of_settings(asked.root, asked.ground.entry.base) if env_file is None else None
        if example is None:
            raise
        try:
            return _noted(_read(asked, example), example.name)
        except ProjectError as error:
            if isinstance(error, ImportFailed) and error.message != first.message:
                # What comes next is what is in the way: the variables are there.
                told = f"with the variables of {example.name}: {error.message}"
                raise type(error)(told, hint=_filled_in(example, error), file=error.file, line=error.line) from error
        raise


def _filled_in(example: Path, error: ProjectError) -> str:
    """Return the hint of an error after which the variables that the example leaves empty are the first to look at."""
    empty = [name for name, value in read_env_file(example).items() if not value]
    if error.hint != UNKNOWN:
        return error.hint
    if not empty:
        return f"its values are examples: fill in a copy, and name it: --env-file FILE; {STATIC}"
    shown = f"{', '.join(empty[:6])}{' …' if len(empty) > 6 else ''}"
    return f"{example.name} leaves values empty ({shown}): fill in a copy, and name it: --env-file FILE; {STATIC}"


@dataclass(frozen=True)
class _Asked:
    """What is to be read, and how."""

    root: Path
    python: Path
    how: _How

    @cached_property
    def ground(self) -> Ground:
        source = Source.read(self.root, self.how.known.files if self.how.known else {})
        return Ground(source, *find_entry(source, self.how.app), self.python)


def _noted(reading: Reading, example: str) -> Reading:
    reason = "the app cannot be imported without its variables, and was given those of this example"
    project = reading.project
    unresolved = (*project.unresolved, Unresolved(subject=example, reason=reason))
    return replace(reading, project=project.model_copy(update={"unresolved": unresolved}))


def _read(asked: _Asked, env_file: Path | None) -> Reading:
    variables = read_env_file(env_file) if env_file else {}
    memory = Memory.of(asked.root, asked.python, asked.how.app, variables)
    kept = memory.recall()
    if kept and (kept["documents"] is not None or not asked.how.documented):
        app = {**kept["project"]["app"], "root": str(asked.root)}
        return Reading(Project.model_validate({**kept["project"], "app": app}), kept["documents"] or {}, env_file)
    with ready_probe(asked.python, variables) as probe:
        result, places = _probed(probe, asked)
        project = assemble(asked.ground, places, result)
    documents = result["operations"].get("documents")
    dumped = project.model_dump(mode="json", round_trip=True)
    memory.keep(result, project.app.entry, project=dumped, documents=documents)
    return Reading(project, documents or {}, env_file)


def _probed(probe: Probe, asked: _Asked) -> tuple[Mapping[str, Any], Places]:
    """Return what the probe saw of a copy of the project."""
    source, entry, limits, meanwhile = asked.ground.source, asked.ground.entry, asked.how.limits, asked.how.meanwhile
    copy = probe.place / "project"
    copy_project(source.root, copy)
    base = copy / entry.base
    paths = [base, *(path for path in (copy, copy / "src") if path.is_dir() and path != base)]
    request = {
        "root": str(copy),
        "directory": str(base),
        "entry": {"module": entry.module, "attribute": entry.attribute, "paths": [str(path) for path in paths]},
        "imported_until": time.time() + limits.imported,
        "startup_seconds": limits.startup,
        "asking_seconds": limits.asking,
        "documented": asked.how.documented,
    }
    probe.tell(request)
    until = time.monotonic() + limits.total
    meanwhile.begun()
    source.parse()
    _ = asked.ground.conventions  # it takes no map, and now there is time
    places = Places(source, copy)
    if meanwhile.described and (described := probe.described(limits.total)) is not None:
        meanwhile.described(claimed(asked.ground, places, described))
    outcome = probe.outcome(until - time.monotonic())
    if outcome.result is None or "failure" in outcome.result:
        raise explain(outcome, entry, places, limits.imported)
    return outcome.result, places


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
