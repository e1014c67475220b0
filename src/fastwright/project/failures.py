"""From how a probe ended to an error that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from fastwright.project.child import Outcome
from fastwright.project.errors import AppNotFound, ImportFailed, ImportRaised, InterpreterNotFound, ProjectError
from fastwright.project.locate import Entry
from fastwright.project.places import Places
from fastwright.project.source import Source

_Raw = Mapping[str, Any]
_Told = tuple[type[ProjectError], str]
# What reads a `.env` by itself.
_DOTENV = (b'".env"', b"'.env'", b"load_dotenv", b"decouple")
_LINES = 12
_WANTED = re.compile(r"""^(?:requires-)?python\s*=\s*["'](?:>=|\^|~=?|==)?\s*(\d+)\.(\d+)""", re.MULTILINE)
STATIC = "or look without running it: --static"
# The hint where nothing more is known than what was raised.
UNKNOWN = f"make the import work first, or give it what it needs with --env-file FILE; {STATIC}"
_FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+) in (?P<name>\S+)', re.MULTILINE)


def explain(outcome: Outcome, entry: Entry, places: Places, limit: float) -> ProjectError:
    """Return the error for a probe that ended without a map."""
    if outcome.result is None:
        return _hung(outcome, entry, places, limit) if outcome.timed_out else _ended(outcome, entry)
    failure: Mapping[str, Any] = outcome.result["failure"]
    kind = str(failure["kind"])
    make = _KINDS.get(kind, _other)
    error, hint = make(failure, entry, places.source)
    file = places.relative(failure.get("file")) or ""
    told = _readable(places.shown(str(failure["message"])))
    message = f"{entry.shown}: {told}" if kind in _NAMED else told
    return error(message, hint=hint, file=file, line=failure.get("line") or 0 if file else 0)


def _readable(text: str) -> str:
    """Return what an exception says without its ornaments, each line once, and not endlessly."""
    lines = dict.fromkeys(line.rstrip() for line in text.splitlines() if re.search(r"\w", line))
    return "\n".join([*list(lines)[:_LINES], *(["…"] if len(lines) > _LINES else [])])


def _hung(outcome: Outcome, entry: Entry, places: Places, limit: float) -> ProjectError:
    """Name the innermost line of the project at which the interpreter was, when time was up."""
    for frame in _FRAME.finditer(outcome.stacks):
        file = places.relative(frame["file"])
        if file:
            message = f"the import of {entry.module} has not ended after {limit:g} s; it was in {frame['name']}"
            hint = f"move what waits out of the import, into the lifespan; {STATIC}"
            return ImportFailed(message, hint=hint, file=file, line=int(frame["line"]))
    return ImportFailed(f"{entry.module} has not ended after {limit:g} s", hint=f"try it by hand; {STATIC}")


def _ended(outcome: Outcome, entry: Entry) -> ProjectError:
    last = outcome.log.splitlines()[-1] if outcome.log else "it printed nothing"
    message = f"the import of {entry.module} ended the interpreter (exit {outcome.code}): {last}"
    return ImportFailed(message, hint=f"try it by hand: python -c 'import {entry.module}'; {STATIC}")


def _environment(failure: _Raw, entry: Entry, source: Source) -> _Told:
    return ImportRaised, f"put {_variables(failure['names'], entry, source)}; {STATIC}"


def _variables(wanted: Sequence[str], entry: Entry, source: Source) -> str:
    """Return where variables are put: into the file that the project reads, if it reads one."""
    names = " ".join(f"{name}=…" for name in wanted)
    if any(mark in file.content for file in source.own for mark in _DOTENV):
        own = PurePosixPath(entry.base) / ".env"
        return f"{names} into {own}, or into a file that you name: --env-file FILE"
    return f"{names} into a file and name it: --env-file FILE"


def _module(failure: _Raw, entry: Entry, source: Source) -> _Told:
    """Say where a module comes from: a folder in which the app is started, the requirements, or else by itself."""
    name, folder = str(failure["name"]).partition(".")[0], PurePosixPath(entry.file or ".").parent
    if str(folder) != "." and any(str(folder / one) in source.files for one in (f"{name}.py", f"{name}/__init__.py")):
        return ImportFailed, f"it is in {folder}, so the app seems to be started there: --project {folder}; {STATIC}"
    listed = (path for base in (entry.base, ".") if (source.root / (path := f"{base}/requirements.txt")).is_file())
    wanted = f"what {PurePosixPath(path)} lists" if (path := next(listed, "")) else "it"
    return ImportFailed, f"install {wanted} into the project's environment, or name another one with --python; {STATIC}"


def _other(failure: _Raw, entry: Entry, source: Source) -> _Told:
    """Say what may be in the way of an import that raises: variables that it asked for, or an older Python."""
    older = _older(failure, source)
    if older:
        return ImportRaised, f"{older}: name the project's own interpreter with --python; {STATIC}"
    if failure.get("names"):
        asked = _variables(failure["names"], entry, source)
        return ImportRaised, f"the project asks for variables that are not set: put {asked}; {STATIC}"
    return ImportRaised, UNKNOWN


def _older(failure: _Raw, source: Source) -> str:
    """Return how the interpreter is older than what the project asks for, or nothing."""
    try:
        text = (source.root / "pyproject.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    wanted = _WANTED.search(text)
    running = tuple(failure.get("python", ()))
    if wanted is None or not running or running >= (int(wanted[1]), int(wanted[2])):
        return ""
    return f"pyproject.toml asks for Python {wanted[1]}.{wanted[2]}, and this one is {running[0]}.{running[1]}"


_NAMED = frozenset({"environment", "module", "factory"})
_KINDS: Mapping[str, Callable[[_Raw, Entry, Source], _Told]] = {
    "environment": _environment,
    "syntax": lambda _failure, _entry, _source: (
        ImportFailed,
        f"correct it; or, if it is of a newer Python, name the project's own interpreter with --python; {STATIC}",
    ),
    "exit": lambda _failure, _entry, _source: (
        ImportRaised,
        f"let the import end without it, or give it the variables that it wants with --env-file FILE; {STATIC}",
    ),
    "module": _module,
    "no-app": lambda _failure, _entry, _source: (AppNotFound, "name the app with --app module:attribute"),
    "factory": lambda _failure, _entry, _source: (
        AppNotFound,
        "name an app, or a factory without arguments: --app module:attribute",
    ),
    "no-fastapi": lambda _failure, _entry, _source: (
        InterpreterNotFound,
        "name the project's own interpreter with --python",
    ),
}
