"""Two requests in one text are two steps, whatever joins them and whichever comes first."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.project import view

_PROJECTS = json.loads((Path(__file__).parent / "requests" / "projects.json").read_text(encoding="utf-8"))
CINEMA = view(_PROJECTS["cinema"])
PLANNER = OfflinePlanner()
# Each in the words for one of two places.
REQUESTS = {
    "protect": "require a login for {}",
    "pagination": "split {} into pages",
    "cache": "cache {} for 30 seconds",
    "rate-limit": "at most 30 requests per minute on {}",
    "idempotency": "make retries of {} safe",
    "tests": "cover {} with tests",
    "optimize": "speed up {}",
    "cors": "enable cors",
    "security-headers": "set security headers",
    "errors": "return structured errors",
    "logging": "log requests as json",
    "health": "add a health check",
    "metrics": "expose prometheus metrics",
    "migrations": "set up alembic",
    "password-reset": "let users reset their password",
    "email-verification": "send a confirmation mail after registration",
}


def planned(words: str) -> set[str]:
    return {str(step.args.get("capability", step.verb)) for step in PLANNER.plan(words, CINEMA).plan}


@pytest.mark.parametrize("joint", [" and ", ". ", ", also "])
def test_both_of_two_requests_are_planned(joint: str) -> None:
    missed = [
        words
        for one, other in itertools.permutations(REQUESTS, 2)
        if not {one, other}
        <= planned(words := REQUESTS[one].format("movies") + joint + REQUESTS[other].format("halls"))
    ]
    assert len(missed) <= len(REQUESTS) * (len(REQUESTS) - 1) * 0.02, missed


def test_a_pronoun_means_what_was_named_before_and_not_what_comes_after() -> None:
    steps = PLANNER.plan("paginate the movies, cache them, and speed up the halls", CINEMA).plan
    assert [step.args["path"] for step in steps] == ["/api/movies", "/api/movies", "/api/halls"]


def test_what_is_not_there_yet_is_not_mixed_up_with_what_is_named_after_it() -> None:
    planned_for_later = PLANNER.plan("add a Voucher resource with a code; protect it, and paginate the movies", CINEMA)
    assert not planned_for_later.plan
    assert "protect" in planned_for_later.questions[0].text
