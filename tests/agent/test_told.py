"""People tell things before and after they ask: what is there, what was done, what may wait. That is no request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.plan import READ_ONLY, Planned
from fastwright.agent.project import view

PROJECTS = json.loads((Path(__file__).parent / "requests" / "projects.json").read_text(encoding="utf-8"))
SHOP = view(PROJECTS["shop"])
TOLD = (
    "Last week we already added pagination to the sellers.",
    "We used to have caching on the sellers, but it was removed.",
    "Migrations are done with Alembic, in case you wonder.",
    "The confirmation mail goes out fine.",
    "The health check is called by our load balancer every ten seconds.",
    "By the way, the sellers got a lot faster since the last release, thanks for that.",
    "We tried to speed up the sellers in summer and gave up.",
    "Nobody needs to be logged in for the sellers, that is on purpose.",
    "I know that everyone can read the sellers; that's how we want it.",
    "We might want filters on the sellers one day, but not now.",
    "CORS is set up already.",
    "Rate limiting is handled by our gateway.",
    "Registration has been open since May.",
)
ASKED = {
    "Split the orders into pages.": ("add", {"capability": "pagination", "path": "/api/orders"}),
    "Cache the categories for ten minutes.": ("add", {"capability": "cache", "path": "/api/categories", "ttl": 600}),
    "GET /api/orders is slow, make it fast.": ("optimize", {"path": "/api/orders"}),
    "Only admins may delete coupons.": ("protect", {"path": "/api/coupons", "methods": ["DELETE"], "role": "admin"}),
    "Please write tests for the coupons.": ("add", {"capability": "tests", "path": "/api/coupons"}),
}


def plan(words: str) -> Planned:
    return OfflinePlanner().plan(words, SHOP)


def steps(words: str) -> list[tuple[str, dict[str, object]]]:
    return [(step.verb, step.args) for step in plan(words).plan]


@pytest.mark.parametrize("told", TOLD)
def test_what_is_told_before_and_after_a_request_changes_no_plan(told: str) -> None:
    for asked, step in ASKED.items():
        assert steps(f"{told} {asked}") == [step]
        assert steps(f"{asked} {told}") == [step]


def test_what_is_told_says_what_is_meant_where_the_request_does_not() -> None:
    assert steps("Yesterday somebody pulled our complete list of users. Lock it, please.") == [
        ("protect", {"path": "/api/users"})
    ]


@pytest.mark.parametrize(
    "no", ["Please don't {}.", "We decided not to {}.", "Never {}!", "No need to {}.", "You should not {}."]
)
def test_what_is_not_wanted_is_not_planned(no: str) -> None:
    for what in (
        "paginate the orders",
        "cache the categories",
        "protect the sellers",
        "set up migrations",
        "write tests",
    ):
        assert not plan(no.format(what)).plan


@pytest.mark.parametrize(
    "asking", ["Should we {}?", "Is it a good idea to {}?", "Did you already {}?", "What would happen if we {}?"]
)
def test_a_question_what_should_be_done_changes_nothing(asking: str) -> None:
    for what in ("paginate the orders", "cache the categories", "protect the sellers", "set up migrations"):
        assert not [step for step in plan(asking.format(what)).plan if step.verb not in READ_ONLY]


def test_what_is_taken_back_is_not_planned() -> None:
    assert steps("cache sellers, no wait, cache categories") == [
        ("add", {"capability": "cache", "path": "/api/categories"})
    ]


def test_who_must_not_is_no_role_that_is_let_through() -> None:
    assert steps("the customer role must not see the sellers, only admin") == [
        ("protect", {"path": "/api/sellers", "role": "admin"})
    ]


def test_each_of_several_roles_gets_a_guard_of_its_own() -> None:
    assert steps("Coupons: deleting one is for admins, creating one is for customers.") == [
        ("protect", {"path": "/api/coupons", "methods": ["DELETE"], "role": "admin"}),
        ("protect", {"path": "/api/coupons", "methods": ["POST"], "role": "customer"}),
    ]


def test_a_path_that_is_left_as_it_is_is_an_exception() -> None:
    assert steps("put orders behind admin but leave GET /api/orders/{order_id}/items as is") == [
        ("protect", {"path": "/api/orders", "role": "admin", "except": ["/api/orders/{order_id}/items"]})
    ]


def test_the_whole_api_is_guarded_only_where_all_of_it_was_asked_for() -> None:
    assert not steps("Somebody got in straight from the API. Needs closing today.")
    assert steps("Close the whole API for strangers.") == [("protect", {"path": "/api"})]


def test_where_two_readings_are_close_each_is_a_choice_and_a_choice_is_planned() -> None:
    asked = plan("The list of orders gets super long (one every 10 s), I need pages")
    assert not asked.plan
    (question,) = asked.questions
    assert [choice.label for choice in question.choices[:2]] == ["pagination", "optimize"]
    assert steps(question.choices[0].words) == [("add", {"capability": "pagination", "path": "/api/orders"})]
    assert steps(question.choices[1].words) == [("optimize", {"path": "/api/orders"})]


@pytest.mark.parametrize(
    "told",
    [
        "The move to the new office ate two weeks.",
        "Support called twice about the sellers yesterday, but that is solved.",
        "I spent the morning with the sellers and the log file.",
        "The last time we did this for the sellers, it took ten minutes.",
        "The new colleague had no role in the project at first.",
        "The map of the sellers calls us 200 times a second.",
    ],
)
def test_what_went_wrong_in_a_story_is_no_request_beside_one(told: str) -> None:
    for asked, step in ASKED.items():
        assert steps(f"{told} {asked}") == [step]


def test_a_letter_asks_by_what_stands_between_its_greeting_and_its_name() -> None:
    assert steps(
        "Hello all,\n\n> HTTP/1.1 200 OK\n> psycopg.errors.UndefinedColumn: column users.age does not exist\n\n"
        "Please cache the categories for ten minutes.\n\nKind regards\nDr. Weber"
    ) == [("add", {"capability": "cache", "path": "/api/categories", "ttl": 600})]


def test_a_ticket_asks_neither_by_its_heading_nor_for_what_is_out_of_scope() -> None:
    ticket = "SHOP-7: Storefront grows\n\nSplit the orders into pages.\n\nOut of scope:\n- cache the sellers\n- coupons"
    assert steps(ticket) == [("add", {"capability": "pagination", "path": "/api/orders"})]
    assert steps("done: caching for the sellers\nopen: tests for the coupons") == [
        ("add", {"capability": "tests", "path": "/api/coupons"})
    ]


def test_the_head_of_a_list_is_what_its_items_are_about() -> None:
    assert steps("orders\n- paging\n- filter by status") == [
        ("add", {"capability": "pagination", "path": "/api/orders"}),
        ("add", {"capability": "filtering", "path": "/api/orders", "fields": ["status"]}),
    ]


def test_where_only_a_story_says_what_is_meant_and_it_names_several_it_is_asked() -> None:
    asked = plan("Coupons! Strangers can see what the sellers cost us. Should be for admins only.")
    assert not asked.plan
    assert {choice.label for choice in asked.questions[0].choices} == {"/api/sellers", "/api/coupons"}


def test_what_must_not_be_made_possible_is_not_made_possible() -> None:
    assert not steps("Please don't let sellers upload a logo.")
    assert not steps("Never make the products filterable by price.")


def test_what_is_left_out_is_said() -> None:
    said = plan(
        "New sign-ups must confirm their address by a link. While you are in there: cache categories for an hour."
    )
    assert [step.args.get("path") for step in said.plan] == ["/api/categories"]
    assert "left out “New sign ups must confirm" in said.explanation
