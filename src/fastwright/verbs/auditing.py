"""The rules over an app that is asked meanwhile, and over the source alone where nothing is run."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from fastwright.project.errors import ProjectError
from fastwright.project.model import Project
from fastwright.project.read import Limits, Meanwhile, read_project
from fastwright.project.source import Source
from fastwright.project.static import read_static_source
from fastwright.rules._audit import Audit, Auditing, audit, get_ready
from fastwright.rules._engine.observed import Observed
from fastwright.rules._engine.reading import Files
from fastwright.rules._engine.view import View

# What files speak of that define endpoints, guards or the paths that they have.
_WORDS = (
    b"fastapi",
    b"FastAPI",
    b"outer",
    b"@app.",
    b"starlette",
    b"Settings",
    b"PREFIX",
    b"prefix",
    b"__tablename__",
    b"table=",
)


@dataclass(frozen=True)
class Audited:
    """What was found, on which map, and what is to be said about that."""

    audit: Audit
    project: Project | None
    notes: tuple[str, ...] = ()


class Running:
    """An app in a process of its own. That is at work when this is made: our parsing would take the time from it."""

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        source: Source,
        *,
        python: Path | None,
        app: str | None,
        env_file: Path | None,
        limits: Limits,
    ) -> None:
        begun = Event()
        self._claimed: Future[Project | None] = Future()
        self._answered = pool.submit(
            read_project,
            source.root,
            python=python,
            app=app,
            env_file=env_file,
            limits=limits,
            known=source,
            documented=False,
            meanwhile=Meanwhile(begun.set, self._set_claimed),
        )
        self._answered.add_done_callback(lambda _done: (begun.set(), self._set_claimed(None)))
        begun.wait()

    @property
    def claimed(self) -> Project | None:
        """What the source claims of the endpoints, if that is known before their answers."""
        return self._claimed.result()

    def is_answered(self) -> bool:
        return self._answered.done()

    def answered(self) -> Project:
        """Return the map of the running app. Raises `ProjectError` if there is none."""
        return self._answered.result()

    def _set_claimed(self, project: Project | None) -> None:
        if not self._claimed.done():  # an app that is read a second time, with an example of its settings
            self._claimed.set_result(project)


def audit_running(files: Files, rules: Sequence[str], observed: Observed | None, running: Running) -> Audited:
    """Return what the rules find in a running app; those that need no answers do not wait for them.

    Raises `ProjectError` if the app cannot be run.
    """
    get_ready(files, rules)
    begun: Auditing | None = None
    if claimed := running.claimed:
        begun = Auditing(View(files, claimed, observed, is_answered=False), rules)
        begun.begin(running.is_answered)
    project = running.answered()
    return Audited(begun.finish(project) if begun else audit(files, project, rules, observed), project)


def audit_source(files: Files, rules: Sequence[str], observed: Observed | None, app: str | None) -> Audited:
    """Return what the rules find in the source alone: of a static map, or of what is registered if there is none."""
    project: Project | None = None
    notes: tuple[str, ...] = ()
    try:
        project = read_static_source(_speaking(files), app=app)
    except ProjectError as error:
        notes = (f"endpoints are those that the source registers: {error.message}",)
    return Audited(audit(files, project, rules, observed), project, notes)


def _speaking(files: Files) -> Source:
    """Return the part of the source that can have to do with endpoints; a map of it takes a fraction of the time."""
    relevant = {
        path: file
        for path, file in files.source.files.items()
        if path.endswith("__init__.py") or any(word in files.contents[path] for word in _WORDS)
    }
    return Source(files.source.root, relevant)
