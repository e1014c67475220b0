"""All doors give the same JSON for the same verb and project, but for the time that it took."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from tests.mcp.clients import connect, data

pytestmark = pytest.mark.anyio
VISITS = "/patients/{id}/visits"
# What is typed, and what the tool of the same name is given.
CASES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "map": ((), {}),
    "check": (("--under", "/patients"), {"under": "/patients"}),
    "explain": (("POST /patients", "--body", '{"name": 1}'), {"endpoint": "POST /patients", "body": {"name": 1}}),
    "protect": ((VISITS, "--dry-run"), {"path": VISITS, "dry_run": True}),
    "add": (("dragons",), {"capability": "dragons", "dry_run": True}),
    "undo": (("--dry-run",), {"dry_run": True}),
    "prove": (("--no-tests",), {"tests": False}),
    "upgrade": (("--dry-run",), {"dry_run": True}),
}


SLOW = {"protect", "explain"}


@pytest.mark.parametrize("verb", [pytest.param(verb, marks=[pytest.mark.slow] * (verb in SLOW)) for verb in CASES])
async def test_a_verb_answers_the_same_through_the_terminal_and_to_an_agent(
    verb: str, vetbook: Path, python: Path
) -> None:
    typed, arguments = CASES[verb]
    async with connect(vetbook, python=python) as client:
        answered = await client.call_tool(verb, arguments)
    interpreter = () if verb == "undo" else ("--python", str(python))
    command = [sys.executable, "-m", "fastwright", verb, *typed, "--project", str(vetbook), *interpreter, "--json"]
    printed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: ASYNC221 - nothing else runs
    assert timeless(data(answered)) == timeless(json.loads(printed.stdout))


@pytest.mark.parametrize(
    ("verb", "words", "arguments"),
    [("map", "show me the endpoints", {}), ("check", "review the patients", {"under": "/patients"})],
)
async def test_a_verb_answers_the_same_to_words(
    verb: str, words: str, arguments: dict[str, Any], vetbook: Path, python: Path
) -> None:
    async with connect(vetbook, python=python) as client:
        answered = await client.call_tool(verb, arguments)
    command = [sys.executable, "-m", "fastwright", "ask", words, "--project", str(vetbook), "--python", str(python)]
    printed = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)  # noqa: ASYNC221
    (result,) = json.loads(printed.stdout)["results"]
    assert result["verb"] == verb
    assert timeless(result["result"]) == timeless(data(answered))


def timeless(value: object) -> object:
    """Return JSON without how long things took."""
    if isinstance(value, dict):
        items = cast("dict[str, object]", value)
        return {key: timeless(item) for key, item in items.items() if not key.startswith("seconds")}
    if isinstance(value, list):
        return [timeless(item) for item in cast("list[object]", value)]
    return re.sub(r"\d+\.\d+ s\b", "", value) if isinstance(value, str) else value
