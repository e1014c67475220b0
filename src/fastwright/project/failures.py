"""From how a probe ended to an error that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from fastwright.project.child import Outcome
from fastwright.project.errors import AppNotFound, ImportFailed, ImportRaised, InterpreterNotFound, ProjectError
from fastwright.project.locate import Entry
from fastwright.project.places import Places

_LINES = 12
_STATIC = "or look without running it: --static"
_FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+) in (?P<name>\S+)', re.MULTILINE)


def explain(outcome: Outcome, entry: Entry, places: Places, limit: float) -> ProjectError:
    """Return the error for a probe that ended without a map."""
    if outcome.result is None:
        return _hung(outcome, entry, places, limit) if outcome.timed_out else _ended(outcome, entry)
    failure: Mapping[str, Any] = outcome.result["failure"]
    kind = str(failure["kind"])
    make: Callable[[Mapping[str, Any]], tuple[type[ProjectError], str]] = _KINDS.get(kind, _other)
    error, hint = make(failure)
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
            hint = f"move what waits out of the import, into the lifespan; {_STATIC}"
            return ImportFailed(message, hint=hint, file=file, line=int(frame["line"]))
    return ImportFailed(f"{entry.module} has not ended after {limit:g} s", hint=f"try it by hand; {_STATIC}")


def _ended(outcome: Outcome, entry: Entry) -> ProjectError:
    last = outcome.log.splitlines()[-1] if outcome.log else "it printed nothing"
    message = f"the import of {entry.module} ended the interpreter (exit {outcome.code}): {last}"
    return ImportFailed(message, hint=f"try it by hand: python -c 'import {entry.module}'; {_STATIC}")


def _environment(failure: Mapping[str, Any]) -> tuple[type[ProjectError], str]:
    names = " ".join(f"{name}=…" for name in failure["names"])
    return ImportRaised, f"put {names} into a file and name it: --env-file FILE; {_STATIC}"


def _other(_failure: Mapping[str, Any]) -> tuple[type[ProjectError], str]:
    return ImportRaised, f"make the import work first, or give it what it needs with --env-file FILE; {_STATIC}"


_NAMED = frozenset({"environment", "module", "factory"})
_KINDS: Mapping[str, Callable[[Mapping[str, Any]], tuple[type[ProjectError], str]]] = {
    "environment": _environment,
    "syntax": lambda _failure: (
        ImportFailed,
        f"correct it; or, if it is of a newer Python, name the project's own interpreter with --python; {_STATIC}",
    ),
    "exit": lambda _failure: (
        ImportRaised,
        f"let the import end without it, or give it the variables that it wants with --env-file FILE; {_STATIC}",
    ),
    "module": lambda _failure: (
        ImportFailed,
        f"install it into the project's environment, or name another one with --python; {_STATIC}",
    ),
    "no-app": lambda _failure: (AppNotFound, "name the app with --app module:attribute"),
    "factory": lambda _failure: (AppNotFound, "name an app, or a factory without arguments: --app module:attribute"),
    "no-fastapi": lambda _failure: (InterpreterNotFound, "name the project's own interpreter with --python"),
}
