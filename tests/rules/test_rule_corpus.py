"""The labelled corpus: how much of what is wrong is found, and how much of what is found is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.rules import names
from tests.rules.corpus_cases import CORPUS, Case, cases
from tests.rules.documented import findings

CASES = list(cases())


def by_title(case: Case) -> str:
    return f"{case.rule}: {case.kind}: {case.title}"


@pytest.mark.parametrize("case", CASES, ids=by_title)
def test_a_defect_is_found_where_it_is_marked_and_a_twin_is_left_alone(case: Case, tmp_path: Path) -> None:
    found = {(one.file, one.line) for one in findings(tmp_path, case.files, case.rule)} & case.places
    assert found == case.marked
    assert bool(case.marked) == (case.kind == "defect")


def test_every_file_of_the_corpus_is_of_a_rule_that_exists() -> None:
    assert {file.stem for file in CORPUS.glob("*.md")} <= set(names())


def test_there_are_as_many_defects_and_twins_as_it_takes() -> None:
    assert sum(case.kind == "defect" for case in CASES) >= 120
    assert sum(case.kind == "twin" for case in CASES) >= 120
