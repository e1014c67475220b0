"""Where people sign in already, more of that is no guard, and a resource that is called one is made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.project import view

_PROJECTS = json.loads((Path(__file__).parent / "requests" / "projects.json").read_text(encoding="utf-8"))
LIBRARY = view(_PROJECTS["library"])
PLANNER = OfflinePlanner()


@pytest.mark.parametrize(
    "words", ["add refresh tokens to the login", "our login needs refresh tokens", "implement refresh tokens"]
)
def test_refresh_tokens_of_an_own_sign_in_are_refused_and_why_is_told(words: str) -> None:
    planned = PLANNER.plan(words, LIBRARY)
    assert not planned.plan
    assert "I do not rewrite it" in planned.explanation


def test_beside_what_is_to_be_guarded_they_are_only_mentioned() -> None:
    [step] = PLANNER.plan("add jwt auth with refresh tokens to the loans endpoints", LIBRARY).plan
    assert (step.verb, step.args["path"].rpartition("/")[2]) == ("protect", "loans")


@pytest.mark.parametrize("words", ["create a ratings resource", "create a review resource for books"])
def test_a_resource_is_one_whatever_its_name_could_mean_besides(words: str) -> None:
    [step] = PLANNER.plan(words, LIBRARY).plan
    assert step.args["capability"] == "resource"


def test_what_a_request_begins_with_is_no_place_although_paths_end_in_it() -> None:
    project = {**_PROJECTS["library"]}
    first = project["endpoints"][0]
    added = [
        {**first, "method": "POST", "path": f"/api/{name}/add", "name": f"add_{name}"} for name in ("pets", "toys")
    ]
    planned = PLANNER.plan(
        "add rate limiting to the login", view({**project, "endpoints": [*project["endpoints"], *added]})
    )
    assert [step.args["path"] for step in planned.plan] == ["/api/auth/token"]
