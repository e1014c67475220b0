"""`add filtering`: callers ask for some rows of a list, and get just those, whoever may see them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.changes import Operation
from fastwright.changes.add_filters import AddFilters
from fastwright.errors import InputError
from tests.recipes.account_apps import App, foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, without


@pytest.fixture(scope="module")
def filtered(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("conferly", tmp_path_factory.mktemp("filtered"), without="tests")
    result = app.add("filtering", path="/talks", fields=["room", "minutes"])
    assert result.landed, result.proof
    assert evidence(result).startswith("GET /talks: room_id, minutes_min, minutes_max ignored before; now each, and")
    return app


def test_conditions_join_those_of_the_list_and_of_its_total(filtered: App) -> None:
    text = (filtered.root / "conferly/talks/router.py").read_text(encoding="utf-8")
    assert "room_id: int | None = None" in text
    assert "    if minutes_max is not None:\n        where.append(Talk.minutes <= minutes_max)\n" in text


def test_a_second_time_it_is_there(filtered: App) -> None:
    already = filtered.add("filtering", path="/talks", fields=["room_id"]).already
    assert already == "GET /talks takes room_id (conferly/talks/router.py:28)"


def test_a_column_that_is_not_there_is_told_with_those_that_are(filtered: App) -> None:
    with pytest.raises(InputError, match="Room has no column colour") as raised:
        filtered.add("filtering", path="/rooms", fields=["colour"])
    assert raised.value.hint == "it has id, name, seats, floor"


def test_a_secret_is_nothing_to_ask_for(filtered: App) -> None:
    refusal = filtered.add("filtering", path="/accounts", fields=["password"]).refusal
    assert refusal is not None
    assert "Account.password is a secret" in refusal.reason


def test_a_statement_that_others_share_is_refused_with_its_place(tmp_path: Path) -> None:
    refusal = foreign("roastery", tmp_path).add("filtering", path="/coffees", fields=["origin"]).refusal
    assert refusal is not None
    assert refusal.items == ("backend/repositories/base.py:21",)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path", "fields"),
    [
        ("conferly", "/accounts", ["role"]),
        ("game_lobby", "/tables", ["game", "seats"]),
        ("greenhouse", "/api/v1/plants", ["species", "bench"]),
        ("meterbox", "/meters", ["unit", "public"]),
        ("parcelhub", "/api/v1/parcels", ["weight_kg", "depot_id"]),
        ("roastery", "/orders", ["customer_email", "created_at"]),
        ("shelfmark", "/books", ["pages", "title"]),
        ("tool_library", "/tools", ["shelf"]),
        ("tool_library", "/loans", ["due_on", "member"]),
        ("vetbook", "/patients", ["born", "in_ward"]),
    ],
)
def test_it_lands_in_other_styles_and_undo_brings_back_every_byte(
    name: str, path: str, fields: list[str], tmp_path: Path
) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("filtering", path=path, fields=fields)
    assert result.landed, result.proof
    app.undo()
    assert app.files() == before


def compared(old: str, new: str) -> Edit:
    """Return what compares by another sign."""

    def edit(operation: Operation) -> Operation:
        if not isinstance(operation, AddFilters):
            return operation
        filters = [
            one.model_copy(update={"compares": new}) if one.compares == old else one for one in operation.filters
        ]
        return operation.model_copy(update={"filters": tuple(filters)})

    return edit


def of_another_column(operation: Operation) -> Operation:
    if not isinstance(operation, AddFilters):
        return operation
    filters = [one.model_copy(update={"attribute": "name"}) for one in operation.filters]
    return operation.model_copy(update={"filters": tuple(filters)})


def without_the_total(operation: Operation) -> Operation | None:
    return None if isinstance(operation, AddFilters) and operation.function == "count_plants" else operation


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path", "field", "edit"),
    [
        ("conferly", "/rooms", "floor", without("add_filters")),
        ("conferly", "/rooms", "floor", compared(">=", "<=")),
        ("conferly", "/rooms", "floor", of_another_column),
        ("greenhouse", "/api/v1/plants", "species", of_another_column),
        ("greenhouse", "/api/v1/plants", "species", without_the_total),
    ],
)
def test_what_is_broken_is_not_proven(name: str, path: str, field: str, edit: Edit, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    broken_steps(broken(app, "filtering", edit, path=path, fields=[field]))
