"""Every fault points at its word, says what was found, and what would be accepted."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_cases import SHORTHAND, YAML, Case, post

from fastwright.design import InvalidDesignError, read_shorthand, read_yaml, read_yaml_text, renamed
from fastwright.design.model import Design
from fastwright.errors import DesignError


def marked(text: str) -> tuple[str, int, int]:
    """Return the text without its mark, and the line and column where that stood."""
    before, mark, after = text.partition("«")
    assert mark
    assert "«" not in after
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def check(error: DesignError, case: Case, place: tuple[str, int, int]) -> None:
    assert (error.source, error.line, error.column) == place
    assert case.message in error.message
    assert case.hint in error.hint


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in YAML.items()])
def test_yaml_fault(case: Case) -> None:
    text, line, column = marked(case.text)
    with pytest.raises(DesignError) as caught:
        read_yaml_text(text, "design.yaml")
    check(caught.value, case, ("design.yaml", line, column))


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in SHORTHAND.items()])
def test_shorthand_fault(case: Case) -> None:
    text, line, column = marked(case.text)
    with pytest.raises(DesignError) as caught:
        read_shorthand("blog", ["Tag name:str", text])
    check(caught.value, case, ("-r 2", line, column))


def test_all_faults_are_told_in_order() -> None:
    text = post("a: integr\n      b: varchar", "    access: {update: ownr}\n    owner: [x]\n")
    with pytest.raises(InvalidDesignError) as caught:
        read_yaml_text(text, "design.yaml")
    assert [problem.describe()["line"] for problem in caught.value.problems] == [7, 8, 10]
    assert caught.value.location == "design.yaml:7:10"


def test_a_resource_twice_in_shorthand() -> None:
    with pytest.raises(DesignError, match="there twice") as caught:
        read_shorthand("blog", ["Post title:str", "Post body:text"])
    assert caught.value.location == "-r 2:1:1"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", "a--b", "-a", "app", "x\n", "é"])
def test_project_names_that_cannot_be(name: str) -> None:
    with pytest.raises(DesignError):
        read_shorthand(name, [])
    with pytest.raises(DesignError):
        renamed(Design(name="shop"), name)


def test_too_many_resources() -> None:
    with pytest.raises(DesignError, match="201 resources"):
        read_shorthand("blog", [f"Thing{number} title:str" for number in range(201)])


def test_long_names_that_postgresql_would_cut_to_the_same() -> None:
    specs = [f"{'A' + 'a' * 39} {'b' * 28}_c:->User {'b' * 28}_d:->User"]
    with pytest.raises(DesignError, match="PostgreSQL would cut"):
        read_shorthand("blog", specs)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DesignError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(DesignError, match="cannot be read"):
        read_yaml(tmp_path)
    path = tmp_path / "design.yaml"
    path.write_bytes(b"name: shop\ndescription: \xff\n")
    with pytest.raises(DesignError, match="not UTF-8") as caught:
        read_yaml(path)
    assert caught.value.line == 2
    path.write_bytes(b"name: x\n#" + b"x" * 1024 * 1024)
    with pytest.raises(DesignError, match="1 MiB"):
        read_yaml(path)


def test_an_alias_bomb_is_refused() -> None:
    lines = ["name: x", "roles: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"k{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    with pytest.raises(DesignError, match="more than 100000 values"):
        read_yaml_text("\n".join(lines), "design.yaml")


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 20_000, "- " * 20_000])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(DesignError, match=r"nested too deeply|not YAML"):
        read_yaml_text(text, "design.yaml")
