"""What is written reads back equal, and nothing that is read raises anything but `DesignError`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import designs, in_short, plain_designs

from fastwright.design import json_schema, read_shorthand, read_yaml, read_yaml_text, write_yaml
from fastwright.design.model import Design
from fastwright.errors import DesignError

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
WORDS = [
    *("name", "roles", "resources", "fields", "access", "list", "owner", "Post", "title", "author", "User"),
    *(": ", ":", "\n", "\n  ", "\n    ", "- ", "[", "]", "{", "}", ",", "|", ">", "&a ", "*a", "!!str ", '"', "'", "#"),
    *("str", "(1..200)", "int", "(0..", "decimal(10,2)", "enum(a|b)", "=a", "!", "?", "->", "<->", "<-", "..", "..."),
    *("public", "role:", "---", "\t", "\\", "\x00", "\ud800", "é", "²", "9" * 5000, "true", "~", "<<", "%YAML 1.2\n"),
]
garbage = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
SHELL = "name: x\nresources:\n  Post:\n    fields:\n      title: "


@settings(deadline=None)
@given(designs())
def test_yaml_round_trip(design: Design) -> None:
    assert read_yaml_text(write_yaml(design), "design.yaml") == design


@settings(deadline=None)
@given(designs())
def test_json_schema_accepts_what_is_written(design: Design) -> None:
    jsonschema.validate(yaml.safe_load(write_yaml(design)), json_schema())


@settings(deadline=None)
@given(plain_designs())
def test_shorthand_round_trip(design: Design) -> None:
    assert read_shorthand(design.name, in_short(design)) == design


@settings(deadline=None)
@given(plain_designs())
def test_both_readers_give_the_same(design: Design) -> None:
    assert read_yaml_text(write_yaml(design), "design.yaml") == read_shorthand(design.name, in_short(design))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_round_trip(path: Path) -> None:
    design = read_yaml(path)
    assert read_yaml_text(write_yaml(design), "design.yaml") == design


@settings(max_examples=150, deadline=None)
@given(garbage)
def test_garbage_yaml_is_refused_politely(text: str) -> None:
    _read_or_refuse_yaml(text)
    _read_or_refuse_yaml(SHELL + text)


def _read_or_refuse_yaml(text: str) -> None:
    with suppress(DesignError):
        read_yaml_text(text, "design.yaml")


@settings(max_examples=150, deadline=None)
@given(garbage, garbage)
def test_garbage_shorthand_is_refused_politely(name: str, spec: str) -> None:
    for specs in ([spec], [f"Post title:{spec}"], [f"Post {spec}"]):
        with suppress(DesignError):
            read_shorthand(name, specs)
        with suppress(DesignError):
            read_shorthand("shop", specs)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_files_are_refused_politely(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage.yaml"
    path.write_bytes(data)
    with pytest.raises(DesignError):
        read_yaml(path)
