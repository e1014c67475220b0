"""`add resource`: a table with endpoints, in the style of the app, and nothing that was not asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import FastwrightError
from fastwright.recipes._resource.wanted import FieldWish, RelationWish, shorthand_of, wanted_resource
from tests.recipes.account_apps import failed, foreign

WISHES = {
    "roastery": "Review rating:int(1..5) body:text? coffee:->Coffee",
    "parcelhub": "Complaint title:str(1..80)! urgent:bool=false parcel:->Parcel",
    "meterbox": "Tariff name:str(1..40) price:decimal(10,4) meter:->Meter?",
    "greenhouse": "Note body:text kind:enum(todo|done) plant:->Plant",
    "conferly": "Sponsor name:str(1..80)! level:enum(gold|silver)",
    "vetbook": "Drug name:str(1..60)! grams:int(1..100)",
}


def test_a_plan_with_fields_says_the_same_as_the_shorthand() -> None:
    text = shorthand_of(
        "Review",
        (
            FieldWish(name="rating", type="int", min=1, max=5),
            FieldWish(name="body", type="text", required=False),
            FieldWish(name="price", type="float", unique=True),
        ),
        (RelationWish(to="Product"),),
    )
    assert text == "Review rating:int(1..5) body:text? price:decimal(12,4)! product:->Product"


def test_a_relation_to_nothing_names_the_models_that_there_are() -> None:
    with pytest.raises(FastwrightError, match="no model Product") as caught:
        wanted_resource("Review product:->Product", frozenset({"Coffee", "Order"}))
    assert "Coffee, Order" in (caught.value.hint or "")


def test_a_model_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    result = foreign("roastery", tmp_path, without="tests").add("resource", resource="Coffee name:str")
    assert result.already.startswith("Coffee is a model of this app")


def test_relations_to_many_are_refused_with_what_to_do(tmp_path: Path) -> None:
    result = foreign("roastery", tmp_path, without="tests").add("resource", resource="Bundle coffees:<->Coffee")
    assert result.refusal is not None
    assert "points at many rows" in result.refusal.reason


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WISHES))
def test_it_lands_in_other_styles_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("resource", resource=WISHES[name])
    assert result.landed, result.refusal or result.proof
    assert len(result.explanation.endpoints) == 5
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_in_an_app_with_guards_strangers_do_not_write(tmp_path: Path) -> None:
    app = foreign("parcelhub", tmp_path, without="tests")
    result = app.add("resource", resource=WISHES["parcelhub"])
    assert result.landed, result.proof
    assert {one.access for one in result.explanation.endpoints} == {"callers with credentials"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("HTTP_201_CREATED", "HTTP_200_OK"),
        ("le=100", "le=1000000"),
        ("ge=1, le=5", "ge=1"),
        ("exclude_unset=True", ""),
        ("await check_review(dto, session)", "pass"),
        (".offset(offset).limit(limit)", ".limit(0)"),
        ("await session.delete(review)", "pass"),
        ('@router.delete("/{review_id}"', '@router.post("/{review_id}/removal"'),
    ],
    ids=["status", "pages", "bounds", "all changed", "no such coffee", "empty list", "not removed", "another endpoint"],
)
def test_what_is_broken_on_purpose_is_not_proven(old: str, new: str, tmp_path: Path) -> None:
    app = foreign("roastery", tmp_path, without="tests")
    wish = {"resource": "Review rating:int(1..5) body:text? coffee:->Coffee"}
    carried = app.broken("resource", [(old, new)], **wish)
    assert failed(carried) & {"promise", "contract"}
