"""The child that will look at an app is started before anything else is done: both sides need the time to get ready.

A door does this, which is the first to know what is wanted. Nothing depends on it: without it, the child is started
when it is needed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from pathlib import Path

from fastwright.errors import FastwrightError
from fastwright.project.child import Probe
from fastwright.project.envfile import read_env_file
from fastwright.project.interpreter import likely_interpreter
from fastwright.project.remembered import Memory

_ready: list[Probe] = []


@contextlib.contextmanager
def started_ahead(
    directory: Path, python: Path | None = None, app: str | None = None, env_file: Path | None = None
) -> Generator[None]:
    """Have a child ready for the first that asks, unless the project is remembered."""
    with contextlib.suppress(FastwrightError, OSError):  # whoever asks meets it again, and tells
        root = directory.resolve(strict=True)
        python = likely_interpreter(root, python)
        variables = read_env_file(env_file) if env_file else {}
        if python and not Memory.of(root, python, app, variables).is_kept:
            _ready.append(Probe(python, variables))
    try:
        yield
    finally:
        while _ready:
            _ready.pop().close()


def ready_probe(python: Path, variables: Mapping[str, str]) -> Probe:
    """Return the child that was started ahead, if it fits, or another one."""
    if _ready and _ready[-1].made_for == (python, variables):
        return _ready.pop()
    return Probe(python, variables)
