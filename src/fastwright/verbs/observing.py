"""What `check` sees when it is asked to run more than the import: the tests of the project, and its GET endpoints.

Both run on a copy, on a scratch database. Rows are filled in such a way that a text says which column it is from: if
the value of a column with a secret comes back in a body, that is shown, and not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from fastwright.errors import InputError
from fastwright.project.model import Endpoint, Project
from fastwright.project.where import Where
from fastwright.proof.calls import Admitting, Around, Call, filled
from fastwright.proof.ground import Ground, standing_on
from fastwright.proof.guard import Guard
from fastwright.proof.model import NotDone, StepFailed
from fastwright.proof.pair import Pair
from fastwright.rules._engine.observed import Observed
from fastwright.rules._words import is_secret
from fastwright.verbs.rehearsing import Rehearsal

_SUITE_SECONDS = 600.0
_ROWS = 2
_MULTIPLE = 300


def observe(where: Where, *, coverage: bool, rows: bool) -> Observed | None:
    """Return what was seen, or nothing if nothing is asked for. Raises `InputError` if it cannot be run."""
    if not coverage and not rows:
        return None
    with standing_on(where) as ground:
        return Observed(tested=_tested(ground) if coverage else None, leaked=_leaked(ground) if rows else {})


def _tested(ground: Ground) -> frozenset[tuple[str, str, str]]:
    """Return the endpoints that are called while the tests of the project run."""
    place = ground.copy.stage.scratch / "tested"
    place.mkdir()
    (place / "before").symlink_to(ground.copy.project)
    with Guard() as guard:
        pair = Pair(place, ground.copy.stage.target, ground.python, guard, ground.entry.shown, ground.variables)
        try:
            result = pair.run("before", "tests", _SUITE_SECONDS, tests=[], observe=True)
        except NotDone as error:
            raise InputError(f"the tests could not be run: {error}", hint="run them yourself first") from error
    _complain(result)
    root = Path(str(result["root"])).resolve()
    found: set[tuple[str, str, str]] = set()
    for method, file, name in result["called"]:
        with suppress(ValueError):
            found.add((method, Path(file).resolve().relative_to(root).as_posix(), name))
    return frozenset(found)


def _complain(result: Mapping[str, Any]) -> None:
    """Raise `InputError` if the run of the tests says nothing."""
    reason = ""
    if result.get("missing"):
        reason = f"{result['missing']} is not installed in the project's environment"
    elif result.get("problem"):
        reason = str(result["problem"])
    elif not result["outcomes"]:
        reason = "the project has none"
    if reason:
        raise InputError(f"no endpoint can be said to be tested: {reason}", hint="leave out --coverage")


def _leaked(ground: Ground) -> dict[tuple[str, str], str]:
    """Return the endpoints in whose answers the value of a secret column is, and that column."""
    project = ground.reading.project
    canaries = dict(_canaries(project))
    calls = {endpoint: _call(endpoint) for endpoint in project.endpoints if _can_be_called(endpoint)}
    if not canaries or not calls:
        return {}
    guards = {(one.file, one.name) for endpoint in calls for one in endpoint.auth.guards if one.file}
    around = Around(
        fill={model.table: _ROWS for model in project.models if model.table},
        admits=tuple(Admitting(guard_file=str(file), guard_name=name) for file, name in sorted(guards, key=str)),
        flag=True,
    )
    try:
        answers = Rehearsal(ground).converse(list(calls.values()), around).answers
    except (NotDone, StepFailed) as error:
        raise InputError(f"the app could not be asked: {error}", hint="leave out --rows") from error
    return {
        (endpoint.method, endpoint.path): column
        for endpoint, answer in zip(calls, answers, strict=True)
        for value, column in canaries.items()
        if answer.status is not None and answer.status < _MULTIPLE and value in answer.body
    }


def _canaries(project: Project) -> list[tuple[str, str]]:
    """Return what a filled row has in each text column with a secret, and the name of that column."""
    return [
        (f"000001{column.column}", f"{model.name}.{column.name}")
        for model in project.models
        for column in model.columns
        if is_secret(column.name) and any(word in column.type.upper() for word in ("CHAR", "TEXT", "STR"))
    ]


def _can_be_called(endpoint: Endpoint) -> bool:
    return endpoint.kind == "operation" and endpoint.method == "GET"


def _call(endpoint: Endpoint) -> Call:
    """Return a request for the first row."""
    return Call(method="GET", path=filled(endpoint.path))
