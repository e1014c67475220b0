"""Fields and relations in flowing sentences: what is said of each, in whichever order, becomes its type and bounds.

A field is written here as in the design language: `!` is unique, `?` may be left out, bounds stand in parentheses.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.project import view

_PROJECTS = json.loads((Path(__file__).parent / "requests" / "projects.json").read_text(encoding="utf-8"))
CINEMA = view(_PROJECTS["cinema"])


def planned(words: str) -> dict[str, Any]:
    (step,) = OfflinePlanner().plan(words, CINEMA).plan
    return step.args


def short(described: dict[str, Any]) -> list[str]:
    """Return the fields, and then the relations, of a resource in short."""
    written: list[str] = []
    for one in described.get("fields", []):
        bounds = f"({one.get('min', '')}..{one.get('max', '')})" if {"min", "max"} & set(one) else ""
        marks = "!" * bool(one.get("unique")) + "?" * (not one["required"])
        written.append(f"{one['name']}:{one['type']}{bounds}{marks}")
    return written + [f"{one['kind']} {one['to']}" for one in described.get("relations", [])]


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("a serial number, which is a unique string, and an optional serviced_at timestamp",
         ["serial_number:str!", "serviced_at:datetime?"]),
        ("label, a string of up to 120 characters, and level, an integer from 1 to 5",
         ["label:str(..120)", "level:int(1..5)"]),
        ("a maker, a phone that may be left empty, and bought_on, which is a date",
         ["maker:str", "phone:str?", "bought_on:date"]),
        ("a warmup (whole minutes, at least 1) and an optional long text called remarks",
         ["warmup:int(1..)", "remarks:text?"]),
        ("a deposit in euros that can't be negative and a boolean called active",
         ["deposit:decimal(0..)", "active:bool"]),
        ("maker and model, both required, and longitude and latitude as floats",
         ["maker:str", "model:str", "longitude:float", "latitude:float"]),
        ("a plate of exactly 7 characters, a lamp level between 0 and 100, and an expiry date",
         ["plate:str(7..7)", "lamp_level:int(0..100)", "expiry_date:date"]),
        ("a number of lamps that can't drop below 0, a yes/no field called tested, and, if known, a bought_on date",
         ["lamps:int(0..)", "tested:bool", "bought_on:date?"]),
        ("a chip code of 8 to 20 characters that no two projectors share, and doses, integer, minimum one",
         ["chip_code:str(8..20)!", "doses:int(1..)"]),
        ("a maker. It also has a support e-mail address and whether it is broken. The maker must be unique.",
         ["maker:str!", "support_email:email", "broken:bool"]),
    ],
)  # fmt: skip
def test_fields_in_a_sentence(words: str, fields: list[str]) -> None:
    described = planned(f"Please add a Projector resource with {words}")
    assert described["resource"] == "Projector"
    assert short(described) == fields


@pytest.mark.parametrize(
    ("words", "name", "described"),
    [
        ("new model: Projector. number int 1..400, unique; wattage int", "Projector",
         ["number:int(1..400)!", "wattage:int"]),
        ("We'd love to have vouchers! A voucher has a code of at most 20 letters and belongs to a customer.", "Voucher",
         ["code:str(..20)", "many-to-one Customer"]),
        ("Please model lenses: a Lens resource that belongs to a hall, with a mount (string, unique)", "Lens",
         ["mount:str!", "many-to-one Hall"]),
        ("Add warranties. A warranty belongs to a hall, runs for a number of months (6 to 60) and may have terms",
         "Warranty",
         ["months:int(6..60)", "terms:str?", "many-to-one Hall"]),
        ("Resource request | Inspection | belongs to Hall | done_on (date) | remarks (text, optional)", "Inspection",
         ["done_on:date", "remarks:text?", "many-to-one Hall"]),
        ("Customers keep asking for it, so give me a Wishlist which belongs to a customer and has an optional title",
         "Wishlist", ["title:str?", "many-to-one Customer"]),
        ("Add a resource Call with a started_at timestamp; every call belongs to a customer.", "Call",
         ["started_at:datetime", "many-to-one Customer"]),
    ],
)  # fmt: skip
def test_the_name_and_what_it_belongs_to_are_found_in_any_order(words: str, name: str, described: list[str]) -> None:
    found = planned(words)
    assert (found["resource"], short(found)) == (name, described)


def test_a_new_backend_is_told_in_sentences() -> None:
    found = planned(
        "Create a backend called zoo-desk with animals, keepers and feedings. Each animal has a name and a unique chip "
        "number; feedings belong to an animal."
    )
    assert [one["resource"] for one in found["resources"]] == ["Animal", "Keeper", "Feeding"]
    assert [short(one) for one in found["resources"]] == [
        ["name:str", "chip_number:str!"],
        [],
        ["many-to-one Animal"],
    ]


BACKENDS = (
    """Start a fresh backend, zoo-desk. Animal: name, chip number (unique); Feeding: grams as whole number, fed_at;
    every feeding belongs to an animal.""",
    """scaffold `zoo-desk`, a new backend: Animal(name: str, chip_number: str unique);
    Feeding(grams: int, fed_at: datetime) belongs to Animal""",
    """I'd love a brand new API called zoo-desk. There are animals, each with a name and a unique chip number, and there
    are feedings. A feeding belongs to an animal and stores the grams, a whole number, and a fed_at time.""",
    """new backend please. Name: zoo-desk. It has animals (name, chip_number which is unique) and feedings (grams int,
    fed_at datetime). A feeding belongs to an animal. Screens come later""",
)


@pytest.mark.parametrize("words", [" ".join(words.split()) for words in BACKENDS])
def test_several_resources_are_told_in_lists_parentheses_and_sentences(words: str) -> None:
    found = planned(words)
    assert found["name"] == "zoo-desk"
    assert {one["resource"]: short(one) for one in found["resources"]} == {
        "Animal": ["name:str", "chip_number:str!"],
        "Feeding": ["grams:int", "fed_at:datetime", "many-to-one Animal"],
    }


@pytest.mark.parametrize(
    ("words", "described"),
    [
        ("Add sponsors with a name. One sponsor can back several movies and a movie can have many sponsors.",
         ["name:str", "many-to-many Movie"]),
        ("Add sponsors with a name. A sponsor belongs to a customer and to a movie.",
         ["name:str", "many-to-one Customer", "many-to-one Movie"]),
        ("Add sponsors with a name. Every sponsor belongs to a customer and sits in exactly one hall.",
         ["name:str", "many-to-one Customer", "many-to-one Hall"]),
        ("I need a Sponsor resource. name is unique and has no more than 40 characters, budget is a decimal.",
         ["name:str(..40)!", "budget:decimal"]),
        ("need sponsors: name str, budget decimal. each sponsor belongs to a customer",
         ["name:str", "budget:decimal", "many-to-one Customer"]),
    ],
)  # fmt: skip
def test_relations_are_told_in_many_ways(words: str, described: list[str]) -> None:
    assert short(planned(words)) == described
