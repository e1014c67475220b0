"""What migrations lack to give what the models say: found by Alembic, in the project's own interpreter."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fastwright.errors import InputError
from fastwright.proof.guard import Guard
from fastwright.proof.model import NotDone, StepFailed
from fastwright.proof.pair import Pair

_SECONDS = 120.0
Checks = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Difference:
    """The statements of a revision up and down, and the check constraints that the migrations give, by table."""

    upgrade: tuple[str, ...]
    downgrade: tuple[str, ...]
    checks: Checks


def difference(tree: Path, original: Path, python: Path, ini: str, *, models: bool = True) -> Difference:
    """Return what the migrations of `tree` lack; without `models`, only which check constraints they give.

    Raises `InputError` if they cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="fastwright-") as scratch, Guard() as guard:
        root = Path(scratch).resolve()
        (root / "after").symlink_to(tree)
        pair = Pair(root, original, python, guard)
        place = PurePosixPath(ini)
        try:
            found = pair.run(
                "after", "difference", _SECONDS, ini=place.name, directory=str(place.parent), models=models
            )
        except (NotDone, StepFailed) as error:
            raise _not_run(str(error)) from error
    if "checks" not in found:
        raise _not_run(str(found.get("problem") or f"{found.get('missing')} is not installed"))
    return _difference(found)


def _difference(found: Mapping[str, Any]) -> Difference:
    return Difference(tuple(found.get("upgrade", ())), tuple(found.get("downgrade", ())), found["checks"])


def _not_run(problem: str) -> InputError:
    last = (problem.strip().splitlines() or ["it said nothing"])[-1]
    return InputError(
        f"the migrations cannot be held against the models: {last}",
        hint="make `alembic upgrade head` work on an empty SQLite database first",
    )
