"""Source that is cut, doubled and mixed up: told or checked, but never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastwright.rules import names
from fastwright.rules._audit import FAULT, audit
from fastwright.rules._engine.reading import parse_files
from tests.rules.corpus_cases import cases

TEXTS = [text for case in cases() for text in case.files.values() if len(text) > 200]
WORDS = [
    "self",
    "Depends(",
    "await ",
    "*",
    "**",
    "lambda: ",
    "None",
    "[",
    ")",
    ":",
    "\n    ",
    "select(",
    "é",
    "\0",
    '"""',
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a file of the corpus with lines moved, doubled and dropped, and something put in."""
    lines = draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(draw(st.integers(1, 6))):
        where, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            lines[where], lines[other] = lines[other], lines[where]
        elif kind == 1:
            lines.insert(where, lines[other])
        elif kind == 2 and len(lines) > 2:
            del lines[where]
        else:
            cut = draw(st.integers(0, len(lines[where])))
            lines[where] = lines[where][:cut] + draw(st.sampled_from(WORDS)) + lines[where][cut:]
    return "\n".join(lines)


def survives(texts: list[str]) -> None:
    contents = {f"part{number}.py": text.encode() for number, text in enumerate(texts)}
    found = audit(parse_files(Path("/nowhere"), contents, []), None, names())
    assert not [one for one in found.problems if FAULT in one.reason]


@settings(max_examples=150, deadline=None)
@given(st.lists(mutated(), min_size=1, max_size=2))
def test_mutated_source_does_no_harm(texts: list[str]) -> None:
    survives(texts)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(st.lists(mutated(), min_size=1, max_size=2))
def test_ten_thousand_mutated_sources_do_no_harm(texts: list[str]) -> None:
    survives(texts)
