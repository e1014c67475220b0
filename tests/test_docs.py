"""What the documentation shows is accepted, and every command is documented."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from fastwright.cli.group import names
from fastwright.design import read_shorthand, read_yaml_text
from fastwright.design.model import FieldType, Option

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LANGUAGE = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    """Return the fenced blocks of one kind; the fences are paired first, so that none is read inside out."""
    return [
        body for named, body in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE) if named == kind
    ]


def test_the_design_in_the_readme_can_be_read():
    (example,) = blocks(README, "yaml")

    names = " ".join(re.findall(r"->(\w+)|<->(\w+)", example)[0])
    others = "".join(f"  {name}:\n    fields: {{name: str}}\n" for name in names.split() if name != "User")
    design = read_yaml_text(example + others, "README.md")

    assert design.name == "shop"
    assert design.resources[0].owner == "seller"


@pytest.mark.parametrize("text", [README, LANGUAGE], ids=["README.md", "docs/design.md"])
def test_the_shorthand_that_is_shown_can_be_read(text: str):
    (command,) = (block for block in blocks(text, "") if "fastwright new blog" in block)
    words = shlex.split(command.replace("\\\n", " "))

    design = read_shorthand(words[2], [word for flag, word in pairwise(words) if flag == "-r"])

    assert [resource.name for resource in design.resources] == ["Post", "Tag"]


def test_every_type_is_documented():
    documented = set(re.findall(r"`(\w+)`", LANGUAGE))

    assert {kind.value for kind in FieldType} <= documented


def test_every_option_is_documented():
    assert {f"`{option}`" for option in Option} <= set(re.findall(r"`[\w-]+`", LANGUAGE))


def test_every_command_is_in_the_readme():
    missing = [name for name in names() if f"fastwright {name}" not in README]

    assert not missing


def test_decisions_are_listed_and_every_link_leads_somewhere():
    directory = ROOT / "docs" / "decisions"
    index = (directory / "README.md").read_text(encoding="utf-8")

    pages = {path.name for path in directory.glob("0*.md")}
    assert set(re.findall(r"\((0\d{3}[\w-]*\.md)\)", index)) == pages
