"""The pages of the causes say what their modules say."""

from __future__ import annotations

import runpy
from pathlib import Path

from fastwright.diagnose.causes import modules, pages

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_pages_are_made_from_the_docstrings() -> None:
    rendered = runpy.run_path(str(ROOT / "scripts" / "cause_pages.py"))["rendered"]()
    found = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "causes").glob("*.md")}
    assert found == rendered, "run scripts/cause_pages.py"


def test_every_cause_has_a_title_and_says_more() -> None:
    for name, text in pages().items():
        title, _newline, rest = text.partition("\n")
        assert title.endswith("."), name
        assert len(rest.split()) >= 12, name


def test_causes_have_their_turn() -> None:
    ranks = [module.RANK for module in modules()]
    assert ranks == sorted(ranks)
