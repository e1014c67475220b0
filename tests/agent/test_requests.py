"""Words become the plans that were meant: over the requests of `requests/`, written before they were tried."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.ask.score import Score, read_cases, score
from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.project import view

REQUESTS = Path(__file__).parent / "requests"
STYLES: tuple[str, ...] = (
    "terse", "chatty", "careful", "blunt", "tickets", "quick", "plain", "blind", "stories", "strangers",
    "neighbours", "passersby", "guests", "callers", "hosts", "visitors", "traps", "letters", "messages",
)  # fmt: skip
# What was missed in the late ones was not mended one by one; the authors from `blind` on had seen no planner.
# The last five are in words as unlike the development set as can be, and were hardly mended.
EXACT = {style: 0.85 if style in STYLES[4:] else 0.95 for style in STYLES} | {
    "passersby": 0.8, "hosts": 0.8, "visitors": 0.64, "traps": 0.7, "letters": 0.74, "messages": 0.8,
}  # fmt: skip
REFUSED = dict.fromkeys(STYLES, 0.95) | {"neighbours": 0.9, "hosts": 0.9, "letters": 0.88}
ASKED = dict.fromkeys(STYLES, 0.9) | {"messages": 0.75}
WRONG: dict[str, int] = {"stories": 1, "visitors": 3, "traps": 2, "letters": 1, "messages": 1}


@pytest.fixture(scope="module")
def projects() -> Mapping[str, Any]:
    return json.loads((REQUESTS / "projects.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores(projects: Mapping[str, Any]) -> Mapping[str, Score]:
    planner = OfflinePlanner()
    found: dict[str, Score] = {}
    for style in STYLES:
        cases = read_cases(REQUESTS / f"{style}.jsonl")
        answers = {case["id"]: planner.plan(case["text"], view(projects[case["project"]])).as_data() for case in cases}
        found[style] = score(cases, answers, projects)
    return found


@pytest.mark.parametrize("style", STYLES)
def test_almost_every_request_that_is_clear_is_planned_exactly(scores: Mapping[str, Score], style: str) -> None:
    found = scores[style]
    assert found.exact / found.plans >= EXACT[style], found.failures


@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_planned_that_nobody_asked_for(scores: Mapping[str, Score], style: str) -> None:
    wrong = [failure for failure in scores[style].failures if failure[0] == "wrong action"]
    assert len(wrong) <= WRONG.get(style, 0), wrong


@pytest.mark.parametrize("style", STYLES)
def test_what_is_ambiguous_is_asked_about(scores: Mapping[str, Score], style: str) -> None:
    found = scores[style]
    assert found.asked / found.ambiguous >= ASKED[style], found.failures


@pytest.mark.parametrize("style", STYLES)
def test_what_is_out_of_scope_is_refused(scores: Mapping[str, Score], style: str) -> None:
    found = scores[style]
    assert found.refused / found.outside >= REFUSED[style], found.failures
