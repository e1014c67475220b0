"""A copy of a project that exists, and everything that was read of it: what every change starts from."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastwright.project.envfile import read_env_file
from fastwright.project.interpreter import find_interpreter
from fastwright.project.locate import Entry, find_entry
from fastwright.project.read import Reading, checked_root, read_documented, read_source
from fastwright.project.source import Source
from fastwright.project.where import Where
from fastwright.proof.copying import ProjectCopy, copy_project


@dataclass(frozen=True)
class Ground:
    """A project as it was copied and read; nothing was changed or run in the copy yet."""

    where: Where
    copy: ProjectCopy
    source: Source
    entry: Entry
    python: Path
    reading: Reading
    variables: Mapping[str, str]


@contextlib.contextmanager
def standing_on(where: Where) -> Generator[Ground]:
    """Yield the ground, and remove the copy at the end.

    Raises `InputError` or `ProjectError` if the project cannot be copied, found or imported.
    """
    root = checked_root(where.project.resolve())
    with copy_project(root) as copy:
        source = read_source(copy.project)
        entry, _others = find_entry(source, where.app)
        python = find_interpreter(root, where.python)
        reading = read_documented(copy.project, python=python, app=entry.shown, env_file=where.env_file)
        variables = read_env_file(reading.env_file) if reading.env_file else {}
        known = where.model_copy(update={"env_file": reading.env_file})
        yield Ground(known, copy, source, entry, python, reading, variables)
