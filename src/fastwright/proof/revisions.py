"""The migrations of both trees on scratch SQLite databases: up, down, up, and no difference from the models after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from fastwright.proof.model import NotDone, NotThere, StepFailed
from fastwright.proof.pair import Pair, Side

# What Alembic, or its log, puts before a sentence.
_PREFIX = re.compile(r"^(FAILED: |[A-Z]+ +\[[\w.]+\] )")
_LONGEST = 300
_STAGES = ("up", "down", "again", "models")
_FAILURES = {
    "up": "the migrations do not run up",
    "down": "the migrations do not run down",
    "again": "the migrations do not run up again after they ran down",
    "models": "the migrations do not give what the models say",
}


def run_revisions(pair: Pair, configurations: Mapping[Side, str | None], seconds: float) -> str:
    """Return the evidence. Raises `StepFailed` where the change breaks something, `NotDone` where that is not known."""
    if configurations["after"] is None:
        if configurations["before"] is None:
            raise NotThere("the project has no Alembic")
        raise StepFailed(f"{configurations['before']} is not there any more")
    before, after = pair.in_both(lambda side: _run(pair, side, configurations[side], seconds))
    assert after is not None  # noqa: S101 - there is a configuration
    return _compare(before, after)


def _run(pair: Pair, side: Side, configuration: str | None, seconds: float) -> Mapping[str, Any] | None:
    if configuration is None:
        return None
    ini = PurePosixPath(configuration)
    return pair.run(side, "migrations", seconds, ini=ini.name, directory=str(ini.parent))


def _compare(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    for result in (after, before or {}):
        if result.get("missing"):
            raise NotDone(f"{result['missing']} is not installed in the project's environment")
        if databases := [one["target"] for one in result.get("refusals", ()) if "database" in one["target"]]:
            raise NotDone(f"they need {databases[0]}; only SQLite is run here")
    failed = _failed(after)
    if failed is None:
        return "up, down, up, and the models agree, on a scratch SQLite database"
    earlier = _failed(before) if before else None
    if earlier is not None and _is_older(earlier, failed, alike=_said(before) == _said(after)):
        raise NotDone(f"{_FAILURES[earlier]}, and did not before the change: {_last(before)}")
    raise StepFailed(f"{_said(after)}\n{_FAILURES[failed]}: {_last(after)}")


def _is_older(earlier: str, failed: str, *, alike: bool) -> bool:
    """Tell whether a failure was there before the change, or what is behind it could not be seen then."""
    return alike if earlier == failed else _STAGES.index(earlier) < _STAGES.index(failed)


def _failed(result: Mapping[str, Any] | None) -> str | None:
    """Return the stage that did not pass."""
    if result is None:
        return None
    return str(result.get("stage") or ("up" if result.get("problem") else "")) or None


def _said(result: Mapping[str, Any] | None) -> str:
    return str((result or {}).get("said") or (result or {}).get("problem") or "").strip()


def _last(result: Mapping[str, Any] | None) -> str:
    """Return the last line that says what is wrong: SQLAlchemy ends its own with a link."""
    lines = [line for line in _said(result).splitlines() if line.strip() and not line.startswith(("(Background", "["))]
    told = _PREFIX.sub("", lines[-1]) if lines else "it said nothing"
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST].rpartition(' ')[0]} …"
