"""The cases: of each app, verdict, location and cause are right, and the corrected request is accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fastwright.diagnose.conversation import converse
from fastwright.diagnose.model import Diagnosis
from fastwright.project.where import Where
from fastwright.verbs.explain import ExplainRequest, Typed, explain
from tests.diagnose.scoring import APPS, HERE, cases, score_app

# Some styles; the others are slow only because there are so many cases.
QUICK = ("darkroom", "ledger", "legacy", "uploads", "zoo")


@pytest.mark.parametrize("app", QUICK)
def test_requests_are_explained_and_corrected(app: str, today: Path) -> None:
    score = score_app(app, today)
    assert score.wrong == ()
    assert score.cases == len(cases(app)["cases"])


@pytest.mark.slow
@pytest.mark.parametrize("app", sorted(set(APPS) - set(QUICK)))
def test_requests_of_the_corpus_are_explained_and_corrected(app: str, today: Path) -> None:
    assert score_app(app, today).wrong == ()


def test_there_are_enough_cases() -> None:
    counts = {app: len(cases(app)["cases"]) for app in APPS}
    assert sum(counts.values()) >= 80
    assert len(counts) >= 6


def explained(app: str, python: Path, **typed: object) -> Diagnosis:
    request = ExplainRequest(typed=Typed.model_validate(typed), project=HERE / "apps" / app, python=python)
    return explain(request)


def test_an_endpoint_alone_is_described_with_two_examples_that_were_accepted(today: Path) -> None:
    found = explained("catalog", today, endpoint="POST /products")
    assert [(one.name, one.status, one.verified) for one in found.examples] == [
        ("minimal", 201, True),
        ("full", 201, True),
    ]
    minimal, full = (one.request.body for one in found.examples)
    assert isinstance(minimal, dict)
    assert isinstance(full, dict)
    assert set(minimal) == {"name", "price", "sku"}
    assert set(full) > set(minimal)
    assert {one.name: one.required for one in found.accepts}["sku"] is True


def test_an_endpoint_can_be_named_by_its_template(today: Path) -> None:
    found = explained("zoo", today, endpoint="PATCH /cages/{cage_id}", body='[{"label": "x"}]')
    assert [(problem.loc, problem.cause) for problem in found.problems] == [(("body",), "list-or-object")]
    assert found.verified


def test_an_answer_alone_says_what_was_wrong(today: Path) -> None:
    answer = {
        "detail": [
            {
                "type": "missing",
                "loc": ["body", "sku"],
                "msg": "Field required",
                "input": {"name": "Mug", "price": "9.999"},
            },
            {"type": "decimal_max_places", "loc": ["body", "price"], "msg": "…", "input": "9.999"},
        ]
    }
    request = ExplainRequest(
        typed=Typed(endpoint="POST /products"),
        response=json.dumps(answer),
        project=HERE / "apps" / "catalog",
        python=today,
    )
    found = explain(request)
    assert {problem.loc: problem.cause for problem in found.problems} == {
        ("body", "sku"): "missing-field",
        ("body", "price"): "decimal-places",
    }
    assert found.verified
    assert found.corrected is not None
    assert isinstance(found.corrected.body, dict)
    assert found.corrected.body["name"] == "Mug"


def test_the_place_that_refused_is_told(today: Path) -> None:
    body = json.dumps({"title": "Spring", "first_day": "2030-05-01", "last_day": "2030-04-01"})
    problem = explained("catalog", today, endpoint="POST /seasons", body=body).problems[0]
    lines = (HERE / "apps" / "catalog" / "main.py").read_text(encoding="utf-8").splitlines()
    assert problem.file == "main.py"
    assert problem.line is not None
    assert lines[problem.line - 1].strip() == 'raise ValueError("a season ends after it starts")'
    assert "main.py" in problem.why


def test_every_request_finds_the_app_as_it_was(today: Path) -> None:
    """Each answer comes from a process of its own: what one request writes, another does not see."""
    with converse(Where(project=HERE / "apps" / "ledger", python=today)) as talk:
        statuses: list[int | None] = []
        for _time in range(2):
            from fastwright.diagnose.inputs import read_request

            request = read_request(Typed(endpoint="DELETE /users/5"))
            route = next(n for n, one in enumerate(talk.routes) if one.shown == "DELETE /users/{user_id}")
            rows = {"values": ["5"], "named": {"user_id": "5"}, "words": ["users"]}
            statuses.append(talk.send(request, admit=True, rows=rows, route=route).status)
        assert statuses == [204, 204]
