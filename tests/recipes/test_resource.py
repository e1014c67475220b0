"""`add resource`: a table with endpoints, in the style of the app, and nothing that was not asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import FastwrightError
from fastwright.recipes._resource.wanted import FieldWish, RelationWish, shorthand_of, wanted_resource
from tests.recipes.account_apps import failed, foreign

WISHES = {
    "roastery": "Review rating:int(1..5) body:text? coffee:->Coffee",
    "parcelhub": "Complaint title:str(1..80)! urgent:bool=false parcel:->Parcel depots:<->Depot",
    "meterbox": "Tariff name:str(1..40) price:decimal(10,4) meters:<-Meter",
    "greenhouse": "Note body:text kind:enum(todo|done) plant:->Plant benches:<->Bench",
    "conferly": "Sponsor name:str(1..80)! level:enum(gold|silver) talks:<-Talk rooms:<->Room",
    "shelfmark": "Award name:str(1..40)! year:int(1900..2100) books:<-Book readers:<->Reader",
    "tool_library": "Kit name:str(1..40) tools:<->Tool owner:->Member",
    "vetbook": "Drug name:str(1..60)! grams:int(1..100) patients:<->Patient",
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


def test_relations_say_which_side_has_the_key() -> None:
    relations = (
        RelationWish(to="Coffee", kind="many-to-many"),
        RelationWish(to="Order", kind="one-to-many"),
        RelationWish(to="Depot", required=False),
    )
    text = shorthand_of("Bundle", (), relations)
    assert text == "Bundle coffees:<->Coffee orders:<-Order depot:->Depot?"
    wanted = wanted_resource(text, frozenset({"Coffee", "Order", "Depot"}))
    assert wanted.has_many == (("orders", "Order"),)
    assert [(one.name, one.kind) for one in wanted.resource.relations] == [
        ("coffees", "many_to_many"),
        ("depot", "to_one"),
    ]


def test_two_relations_to_the_same_rows_are_refused_where_one_has_its_key_there() -> None:
    with pytest.raises(FastwrightError, match="orders is a second relation to Order"):
        wanted_resource("Bundle order:->Order orders:<-Order", frozenset({"Order"}))


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
        ("await self._check(dto)", "pass"),
        (".offset(offset).limit(limit)", ".limit(0)"),
        ("await self._repository.delete(await self.get_review(review_id))", "pass"),
        ('@router.delete(path="/{review_id}"', '@router.post(path="/{review_id}/removal"'),
    ],
    ids=["status", "pages", "bounds", "all changed", "no such coffee", "empty list", "not removed", "another endpoint"],
)
def test_what_is_broken_on_purpose_is_not_proven(old: str, new: str, tmp_path: Path) -> None:
    app = foreign("roastery", tmp_path, without="tests")
    wish = {"resource": "Review rating:int(1..5) body:text? coffee:->Coffee"}
    carried = app.broken("resource", [(old, new)], **wish)
    assert failed(carried) & {"promise", "contract"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (".where(Note.owner_id == owner_id)", ""),
        ("select(Note).where(Note.id == note_id, Note.owner_id == owner_id)", "select(Note).where(Note.id == note_id)"),
        (
            "select(Plant).where(Plant.id.in_(keys), Plant.owner_id == owner_id)",
            "select(Plant).where(Plant.id.in_(keys))",
        ),
        ("note.benches = ", "_ = "),
    ],
    ids=["rows of others in the list", "rows of others by their key", "pointing at rows of others", "not related"],
)
def test_rows_of_somebody_else_that_are_shown_are_not_proven(old: str, new: str, tmp_path: Path) -> None:
    app = foreign("greenhouse", tmp_path, without="app/tests")
    carried = app.broken("resource", [(old, new)], resource="Note body:text plants:<->Plant benches:<->Bench")
    assert failed(carried) & {"promise", "tests"}
