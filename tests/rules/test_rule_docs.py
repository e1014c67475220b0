"""The pages of the rules are those of their docstrings, and there is no other."""

from __future__ import annotations

import re
from pathlib import Path

from fastwright.rules import names
from scripts.rule_pages import main, pages

ROOT = Path(__file__).parent.parent.parent


def test_the_pages_are_as_in_the_rules() -> None:
    assert main(["--check"]) == 0


def test_the_index_links_every_rule_and_nothing_else() -> None:
    linked = re.findall(r"\]\(([\w-]+)\.md\)", pages()["index.md"])
    assert sorted(linked) == sorted(names())


def test_the_hook_is_a_command_that_exists() -> None:
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "entry: fastwright check --static" in hook
