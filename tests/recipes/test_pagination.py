"""`add pagination`: a list is bounded down to its statement, and pages are the parts of what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import InputError
from tests.recipes.account_apps import App, foreign, single_file
from tests.recipes.trials import Edit, altered, broken, broken_steps, evidence, without


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("roastery", tmp_path_factory.mktemp("paged"), without="tests")
    result = app.add("pagination", path="/orders")
    assert result.landed, result.proof
    assert evidence(result) == "GET /orders/: all of 125 rows before, 50 now; pages are parts of the same list"
    changes = [(one.rule, one.where) for operation in result.contract.changed for one in operation.changes]
    assert changes == [("parameter-added", "query limit"), ("parameter-added", "query offset")]
    return app


def test_the_bounds_go_through_the_layers_to_the_statement(paged: App) -> None:
    files = ("controllers/order_controller.py", "services/order_service.py", "repositories/order_repository.py")
    controller, service, repository = ((paged.root / "backend" / one).read_text(encoding="utf-8") for one in files)
    assert "limit: int = Query(50, ge=1, le=100)" in controller
    assert "self._orders.get_by_state(state, limit=limit, offset=offset)" in service
    assert ".limit(limit).offset(offset)" in repository


def test_a_second_time_it_is_there(paged: App) -> None:
    already = paged.add("pagination", path="/orders").already
    assert already == "GET /orders/ (backend/controllers/order_controller.py:26): bounded already"


def test_what_a_repository_bounds_for_all_is_refused_with_the_place(paged: App) -> None:
    refusal = paged.add("pagination", path="/coffees").refusal
    assert refusal is not None
    assert "bounded at backend/repositories/base.py:21" in refusal.reason


def test_what_is_no_list_is_told(paged: App) -> None:
    with pytest.raises(InputError, match=r"below /orders/\{order_id\} says that it answers with a list"):
        paged.add("pagination", path="/orders/{order_id}")


def test_a_list_that_is_in_no_database_is_refused(tmp_path: Path) -> None:
    refusal = foreign("hookrelay", tmp_path).add("pagination", path="/v2/targets").refusal
    assert refusal is not None
    assert "it cannot be told which model GET /v2/targets gives the rows of" in refusal.reason


PAGED_BY_A_MODEL = """
from typing import Annotated

from fastapi import Query
from pydantic import Field


class Window(BaseModel):
    limit: Annotated[int, Field(gt=0, le=100)] = 10


@app.get("/titles", response_model=list[str])
def titles(window: Annotated[Window, Query()], db: Session = Depends(get_db)):
    return [note.title for note in db.query(Note).limit(window.limit)]
"""


@pytest.mark.slow
def test_a_page_that_a_query_model_chooses_is_there(tmp_path: Path) -> None:
    app = single_file(tmp_path)
    main = next(app.root.glob("*.py"))
    main.write_text(main.read_text(encoding="utf-8") + PAGED_BY_A_MODEL, encoding="utf-8")
    assert "bounded already" in app.add("pagination", path="/titles").already


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("vetbook", "/patients"),
        ("greenhouse", "/api/v1/benches"),
        ("conferly", "/talks/mine"),
        ("tool_library", "/loans"),
        ("meterbox", "/meters"),
    ],
)
def test_it_lands_in_other_styles_and_undo_brings_back_every_byte(name: str, path: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("pagination", path=path)
    assert result.landed, result.proof
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        without("add_page_limit"),
        altered("add_page_limit", default=20),
        altered("add_page_limit", largest=1000),
    ],
    ids=["left out", "smaller pages", "larger pages"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("roastery", tmp_path, without="tests")
    broken_steps(broken(app, "pagination", edit, path="/orders"))
