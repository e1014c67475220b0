"""Every capability on every app: it lands, is there already, or is refused with a reason; undo leaves no trace."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from fastwright.errors import InputError
from fastwright.verbs.add import AddRequest, AddResult, add
from tests.apps.corpus import APPS, truth
from tests.recipes.account_apps import foreign

# What each capability is asked for, by app where that differs.
ARGUMENTS: dict[str, dict[str, dict[str, Any]]] = {
    "auth": {},
    "background-tasks": {},
    "cache": {
        "conferly": {"path": "/talks"},
        "game_lobby": {"path": "/tables"},
        "greenhouse": {"path": "/api/v1/plants"},
        "hookrelay": {"path": "/version"},
        "meterbox": {"path": "/meters"},
        "parcelhub": {"path": "/api/v1/parcels"},
        "roastery": {"path": "/coffees"},
        "shelfmark": {"path": "/books"},
        "tool_library": {"path": "/tools"},
        "vetbook": {"path": "/patients"},
    },
    "cors": {},
    "email-verification": {},
    "errors": {},
    "file-upload": {
        "conferly": {"path": "/talks"},
        "greenhouse": {"path": "/api/v1/plants"},
        "shelfmark": {"path": "/books"},
        "vetbook": {"path": "/patients"},
    },
    "filtering": {
        "conferly": {"path": "/rooms", "fields": ["floor"]},
        "game_lobby": {"path": "/tables", "fields": ["game"]},
        "greenhouse": {"path": "/api/v1/benches", "fields": ["is_heated"]},
        "hookrelay": {"path": "/v2/targets", "fields": ["url"]},
        "meterbox": {"path": "/meters", "fields": ["unit"]},
        "parcelhub": {"path": "/api/v1/parcels", "fields": ["weight_kg"]},
        "roastery": {"path": "/orders", "fields": ["customer_email"]},
        "shelfmark": {"path": "/books", "fields": ["pages"]},
        "tool_library": {"path": "/tools", "fields": ["shelf"]},
        "vetbook": {"path": "/patients", "fields": ["in_ward"]},
    },
    "health": {},
    "idempotency": {},
    "logging": {},
    "metrics": {},
    "migrations": {},
    "pagination": {name: {"path": "/"} for name in ("shelfmark", "vetbook")}
    | {
        "conferly": {"path": "/rooms"},
        "game_lobby": {"path": "/tables"},
        "greenhouse": {"path": "/api/v1/benches"},
        "hookrelay": {"path": "/v2/targets"},
        "meterbox": {"path": "/meters"},
        "parcelhub": {"path": "/api/v1/depots"},
        "roastery": {"path": "/orders"},
        "tool_library": {"path": "/loans"},
    },
    "password-reset": {},
    "rate-limit": {"tool_library": {"path": "/login"}, "greenhouse": {"path": "/api/v1/login", "limit": "5/minute"}},
    "registration": {},
    "resource": {name: {"resource": "Badge label:str(1..40)! weight:int(0..9) note:text?"} for name in APPS},
    "roles": {},
    "security-headers": {},
    "soft-delete": {
        "conferly": {"path": "/talks"},
        "greenhouse": {"path": "/api/v1/plants"},
        "hookrelay": {"path": "/v2/targets"},
        "parcelhub": {"path": "/api/v1/admin/depots"},
    },
    "tests": {},
}


def answered(request: AddRequest) -> tuple[AddResult | None, str, str]:
    """Return what is answered, in a sentence too, and what to try next where nothing was done."""
    try:
        result = add(request)
    except InputError as error:  # what was asked for is nowhere in the app
        return None, f"no such thing: {error} ({error.hint})", error.hint or ""
    return result, outcome(result), result.refusal.hint if result.refusal else ""


def outcome(result: AddResult) -> str:
    """Return what became of a cell, as the table of docs/field-notes.md has it."""
    if result.refusal is not None:
        return f"refused: {result.refusal.reason} ({result.refusal.hint})"
    if result.already:
        return f"already there: {result.already}"
    if result.landed:
        return f"landed, {_tests(result)}"
    return "not proven: " + "; ".join(f"{step.name}: {step.evidence}" for step in result.proof.failures)


def _tests(result: AddResult) -> str:
    evidence = next((step.evidence for step in result.proof.steps if step.name == "tests"), "no tests")
    return " to ".join(re.findall(r"\d+ \w+", evidence)[:2]) or evidence


@pytest.mark.slow
@pytest.mark.parametrize("name", APPS)
@pytest.mark.parametrize("capability", sorted(ARGUMENTS))
def test_it_lands_or_says_why_not_and_undo_brings_back_every_byte(capability: str, name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    settings = truth(name)["run"].get("env_file")
    request = AddRequest(
        capability=capability,
        args=ARGUMENTS[capability].get(name, {}),
        project=app.root,
        python=app.python,
        env_file=app.root / settings if settings else None,
    )
    begun = time.monotonic()
    result, told, hint = answered(request)
    # Shown by: pytest -m slow -s
    print(f"{capability} on {name}: {time.monotonic() - begun:.0f} s, {told}", flush=True)
    assert result is None or result.done or result.refusal is not None, result.proof
    assert hint or (result is not None and result.done)
    if result is not None and result.landed:
        app.undo()
    assert app.files() == before
