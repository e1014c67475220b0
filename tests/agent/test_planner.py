"""The offline planner by itself: questions that can be answered, what is left out, words that are hostile, and time."""

from __future__ import annotations

import json
import string
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.plan import Planned
from fastwright.agent.project import ProjectView, view
from fastwright.agent.reading.lexicon import DATA
from fastwright.agent.reading.likelihood import counted

REQUESTS = Path(__file__).parent / "requests"
PROJECTS = {
    name: view(data) for name, data in json.loads((REQUESTS / "projects.json").read_text(encoding="utf-8")).items()
}
CINEMA, WAREHOUSE, HOTEL = PROJECTS["cinema"], PROJECTS["warehouse"], PROJECTS["hotel"]
EMPTY = view({})


def plan(words: str, project: ProjectView = CINEMA) -> Planned:
    return OfflinePlanner().plan(words, project)


def steps(planned: Planned) -> list[tuple[str, dict[str, object]]]:
    return [(step.verb, step.args) for step in planned.plan]


def test_each_choice_of_a_question_is_the_whole_request_and_is_not_asked_about_again() -> None:
    asked = plan("Paginate the movies and cache the seats for a minute")
    assert not asked.plan
    (question,) = asked.questions
    assert [choice.label for choice in question.choices] == [
        "/api/screenings/{screening_id}/seats",
        "/api/halls/{hall_id}/seats",
    ]
    assert steps(plan(question.choices[1].words)) == [
        ("add", {"capability": "pagination", "path": "/api/movies"}),
        ("add", {"capability": "cache", "path": "/api/halls/{hall_id}/seats", "ttl": 60}),
    ]


def test_what_is_slow_is_measured_everywhere_where_nothing_of_it_can_be_read() -> None:
    users = view({"endpoints": [{"method": "POST", "path": "/users"}, {"method": "GET", "path": "/posts"}]})
    assert steps(plan("fetching user data is slow, optimize it", users)) == [("optimize", {})]
    assert steps(plan("fetching post data is slow, optimize it", users)) == [("optimize", {"path": "/posts"})]


def test_an_answer_can_be_put_behind_words_that_named_nothing() -> None:
    asked = plan("Protect it")
    assert steps(plan(asked.questions[0].choices[0].words))[0][0] == "protect"
    assert steps(plan("I get a 422: POST /api/movies")) == [("explain", {"endpoint": "POST /api/movies"})]


def test_a_role_that_the_project_lacks_is_asked_about_with_those_that_it_has() -> None:
    (question,) = plan("only projectionists may delete movies").questions
    assert [choice.label for choice in question.choices] == ["admin", "cashier"]
    (step,) = plan(question.choices[0].words).plan
    assert step.args == {"path": "/api/movies", "methods": ["DELETE"], "role": "admin"}


def test_what_must_exist_first_is_planned_first_and_says_why() -> None:
    planned = plan("only foremen may delete items", WAREHOUSE)
    assert [step.args.get("capability", step.verb) for step in planned.plan] == ["auth", "roles", "protect"]
    assert "sign-in" in planned.plan[0].reason


def test_the_part_that_is_out_of_scope_is_left_out_and_named() -> None:
    planned = plan("Paginate the snacks and deploy it to Azure")
    assert steps(planned) == [("add", {"capability": "pagination", "path": "/api/snacks"})]
    assert "Azure" in planned.explanation


def test_a_refusal_says_what_can_be_done_instead() -> None:
    planned = plan("build a React page for the movies")
    assert not planned.plan
    assert "CORS" in planned.explanation


@pytest.mark.parametrize(
    "words",
    [
        "don't protect the movies",
        "please do not paginate anything",
        "never touch the tickets",
        "I don't want a rate limit on movies",
        "leave the movies alone",
    ],
)
def test_what_is_forbidden_is_never_planned(words: str) -> None:
    assert not plan(words).plan


@pytest.mark.parametrize("letter", list(string.ascii_lowercase))
def test_a_misspelt_collection_is_found_or_asked_about(letter: str) -> None:
    planned = plan(f"paginate the scree{letter}ings")
    assert [step.args.get("path") for step in planned.plan] in ([], ["/api/screenings"])


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_every_text_is_answered(words: str) -> None:
    for project in (CINEMA, EMPTY):
        planned = plan(words, project)
        assert planned.plan or planned.questions or planned.explanation


def test_a_text_that_is_too_long_to_be_sure_of_is_asked_about_at_once() -> None:
    started = time.process_time()
    assert not plan("protect the movies and " * 4_500).plan
    assert time.process_time() - started < 0.5


def test_an_answer_takes_at_most_fifty_milliseconds() -> None:
    planner = OfflinePlanner()
    planner.plan("tell me something funny", CINEMA)
    started = time.process_time()
    for _ in range(20):
        planner.plan("Only cashiers may create or delete screenings, and paginate the customers please", CINEMA)
    assert (time.process_time() - started) / 20 < 0.05


def test_the_map_of_a_real_project_gives_sign_in_roles_and_prefix() -> None:
    auth = {"required": True, "schemes": ["HTTPBearer"], "roles": ["keeper"], "guards": []}
    seen = view(
        {
            "conventions": {"layout": "single-file", "current_user": []},
            "endpoints": [{"method": "GET", "path": f"/api/v1/{name}", "auth": auth} for name in ("tools", "loans")],
        }
    )
    assert (seen.prefix, seen.auth, seen.roles) == ("/api/v1", True, ("keeper",))


def test_the_reading_of_a_plan_in_a_project_with_sign_in_adds_none() -> None:
    assert steps(plan("Add JWT to protect the guests", HOTEL)) == [("protect", {"path": "/api/v2/guests"})]


def test_the_examples_that_are_shipped_are_counted_as_they_are() -> None:
    shipped = json.loads((DATA / "counts.json").read_text(encoding="utf-8"))
    assert shipped == counted(), "run: python scripts/count_examples.py"
