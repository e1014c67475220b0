"""Run the migrations of the project on a scratch database: up, down, up, and held against the models."""

from __future__ import annotations

import importlib
import importlib.util
import io
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from fastwright.proof.guest.walls import enclosed

STAGES = (
    ("up", ("upgrade", "head")),
    ("down", ("downgrade", "base")),
    ("again", ("upgrade", "head")),
    ("models", ("check",)),
)
# How `alembic check` shows a difference: a tuple that holds tables and columns as Python prints them.
_DIFFERENCE = re.compile(
    r"\('(?P<what>(?:add|remove|modify)_\w+)', "
    r"(?:(?:Table|Index)\('(?P<whole>\w+)'|(?:None|'\w+'), '(?P<table>\w+)', (?:Column\()?'(?P<column>\w+)')?"
)


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return how far it came: the stages that passed, and the one that did not with what it said."""
    walls = enclosed(request, redirect=True)
    if importlib.util.find_spec("alembic") is None:
        return {"missing": "alembic"}
    alembic: Any = importlib.import_module("alembic.config")
    passed: list[str] = []
    for stage, words in STAGES:
        problem = command(alembic, request["ini"], words)
        if problem:
            return {"passed": passed, "stage": stage, "said": problem, "refusals": walls.refusals}
        passed.append(stage)
    return {"passed": passed, "refusals": walls.refusals}


def command(alembic: Any, ini: str, words: tuple[str, ...]) -> str:
    """Run one command of Alembic, and return what it said if it failed."""
    said = io.StringIO()
    sys.argv = ["alembic"]
    try:
        with redirect_stderr(said), redirect_stdout(said):
            alembic.main(argv=["-c", ini, *words])
    except SystemExit as error:
        return "" if error.code in (None, 0) else in_words(said.getvalue())[-1500:] or f"exit {error.code}"
    except Exception as error:  # noqa: BLE001 - whatever a migration raises is told
        return f"{type(error).__name__}: {error}"[:1500]
    return ""


def in_words(said: str) -> str:
    """Return what Alembic said with its list of differences as names, which are the same in every run."""
    told, mark, listed = said.partition("New upgrade operations detected:")
    named = [
        f"{one['what'].replace('_', ' ')} {one['whole'] or '.'.join(filter(None, (one['table'], one['column'])))}"
        for one in _DIFFERENCE.finditer(listed)
    ]
    return f"{told}{mark} {', '.join(map(str.strip, named)) or listed.strip()}" if mark else said
