"""A rule's docstring is its page and its test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from fastwright.rules import load, names
from fastwright.rules._page import SECTIONS
from tests.rules.documented import findings

RULES = names()
STANDARD = re.compile(r"ASVS 5\.0\.0 \d+\.\d+\.\d+|API\d+:2023|CWE-\d+|RFC \d+( section [\d.]+)?")


@pytest.mark.parametrize("name", [name for name in RULES if not load(name).rule.by_run])
def test_what_is_marked_in_bad_is_found_and_nothing_else_of_the_rule(name: str, tmp_path: Path) -> None:
    examples = load(name).page.examples("Bad")
    assert examples
    for number, example in enumerate(examples):
        found = findings(tmp_path / str(number), example.files, name)
        assert example.marked
        assert {(one.file, one.line) for one in found} == example.marked


@pytest.mark.parametrize("name", RULES)
def test_in_good_no_rule_finds_anything(name: str, tmp_path: Path) -> None:
    examples = load(name).page.examples("Good")
    assert examples
    for number, example in enumerate(examples):
        assert not findings(tmp_path / str(number), example.files)


@pytest.mark.parametrize("name", RULES)
def test_a_page_has_its_sections_in_order_and_its_examples_are_python(name: str) -> None:
    page = load(name).page
    assert tuple(page.sections) == SECTIONS
    assert all(page.sections.values())
    assert page.title.endswith(".")
    for section in ("Bad", "Good"):
        for example in page.examples(section):
            for text in example.files.values():
                ast.parse(text)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_cites_standards_by_their_ids(name: str) -> None:
    assert all(STANDARD.fullmatch(one) for one in load(name).rule.standards)
