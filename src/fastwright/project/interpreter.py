"""Find the Python that a project runs in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fastwright.project.errors import InterpreterNotFound

_HINT = "name it with --python PATH, for example --python .venv/bin/python"
_SECONDS = 20
# Asked of an interpreter: what it is, and whether it has FastAPI, without importing it.
_QUESTION = (
    "import importlib.util, json, sys;"
    "print(json.dumps([list(sys.version_info[:2]), importlib.util.find_spec('fastapi') is not None]))"
)


def find_interpreter(project: Path, named: Path | None = None) -> Path:
    """Return the interpreter that was named, or the first one of the project that has FastAPI.

    Raises `InterpreterNotFound` with those that were tried.
    """
    if named is not None:
        _check(_in_directory(named) or named)
        return _named(named)
    tried: list[Path] = []
    for python in _candidates(project):
        if python not in tried and _ask(python) is not None:
            if has_fastapi(python):
                return python
            tried.append(python)
    looked_at = ", ".join(str(python) for python in tried) or "none"
    raise InterpreterNotFound(f"no Python of this project has fastapi (looked at: {looked_at})", hint=_HINT)


def likely_interpreter(project: Path, named: Path | None = None) -> Path | None:
    """Return the one that `find_interpreter` will find, unless asking tells otherwise: nothing is asked here."""
    if named is not None:
        return _named(named)
    return next(_candidates(project), None)


def has_fastapi(python: Path) -> bool:
    """Tell whether FastAPI can be imported there."""
    answer = _ask(python)
    return bool(answer and answer[1])


def _check(python: Path) -> None:
    answer = _ask(python)
    if answer is None:
        raise InterpreterNotFound(f"{python} is not a Python interpreter that runs", hint=_HINT)
    if tuple(answer[0]) < (3, 9):
        raise InterpreterNotFound(
            f"{python} is Python {answer[0][0]}.{answer[0][1]}", hint="3.9 is the oldest that is read"
        )
    if not answer[1]:
        raise InterpreterNotFound(
            f"{python} has no fastapi", hint=f"install the project's dependencies into it, or {_HINT}"
        )


def _named(python: Path) -> Path:
    # A link in a virtual environment must not be followed.
    return Path(os.path.abspath(_in_directory(python) or python))  # noqa: PTH100


def _candidates(project: Path) -> Iterator[Path]:
    for directory in (project, *list(project.parents)[:2]):
        for name in (".venv", "venv", "env"):
            python = _in_directory(directory / name)
            if python:
                yield python
        if (directory / ".git").exists():
            break
    yield from _from_tools(project)
    if active := os.environ.get("VIRTUAL_ENV"):
        python = _in_directory(Path(active))
        if python:
            yield python
    yield Path(sys.executable)
    if found := shutil.which("python3"):
        yield Path(found)


def _in_directory(directory: Path) -> Path | None:
    for name in ("bin/python", "Scripts/python.exe"):
        if (directory / name).is_file():
            return directory / name
    return None


def _from_tools(project: Path) -> Iterator[Path]:
    """Ask the tool that manages the project, if it left its lock file, where its environment is."""
    for mark, command in (
        ("poetry.lock", ("poetry", "env", "info", "--path")),
        ("Pipfile", ("pipenv", "--venv")),
        ("pdm.lock", ("pdm", "venv", "--path", "in-project")),
    ):
        if (project / mark).is_file() and shutil.which(command[0]):
            printed = _run(command, project)
            python = _in_directory(Path(printed.strip())) if printed else None
            if python:
                yield python


def _ask(python: Path) -> tuple[list[int], bool] | None:
    printed = _run((str(python), "-I", "-c", _QUESTION), None)
    try:
        version, found = json.loads(printed or "")
    except ValueError:
        return None
    return version, found


def _run(command: tuple[str, ...], directory: Path | None) -> str | None:
    try:
        done = subprocess.run(
            command,
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
