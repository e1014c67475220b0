"""The JSON Schema accepts what the reader accepts, and refuses what is wrong on sight."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from fastwright.design import json_schema

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


def accepted(text: str) -> bool:
    try:
        jsonschema.validate(yaml.safe_load(text), json_schema())
    except jsonschema.ValidationError:
        return False
    return True


def with_field(spec: str) -> str:
    return f"name: x\nresources: {{Post: {{fields: {{code: {spec}}}}}}}"


def with_option(option: str) -> str:
    return f"name: x\nresources: {{Post: {{{option}}}}}"


def test_the_file_is_the_function() -> None:
    shipped = files("fastwright.design").joinpath("design.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == json_schema()


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert accepted(text)
    first = text.partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve().is_file()


@pytest.mark.parametrize(
    "spec",
    [
        "str",
        '"str(1..20)!?"',
        '"decimal(10, 2, 0..)=1"',
        '"->User!?"',
        '"<->Tag"',
        '"<-Tag"',
        '"enum(a|b-c)=a"',
        '"str=\\"a b\\""',
        "{type: str, max_length: 3}",
        "{type: enum, values: [a]}",
        "{to: User, many: true}",
    ],
)
def test_fields_it_accepts(spec: str) -> None:
    assert accepted(with_field(spec))


@pytest.mark.parametrize(
    "spec",
    [
        "integer",
        "str(",
        '"str(40)"',
        '"decimal(10)"',
        "decimal",
        '"->user"',
        '"<->Tag?"',
        "3",
        "[str]",
        "{}",
        "true",
        "{type: strr}",
        "{type: str, maxlength: 3}",
        "{type: str, required: 1}",
        "{to: User, default: 1}",
        "{to: user}",
        "{type: enum, values: []}",
        "{type: enum, values: [a b]}",
        "{type: str, to: User}",
        '"bool!!"',
        '"int(0..) !"',
    ],
)
def test_fields_it_refuses(spec: str) -> None:
    assert not accepted(with_field(spec))


@pytest.mark.parametrize(
    "option",
    [
        "acess: {}",
        "access: public",
        "access: {create: public}",
        "access: {list: role}",
        "access: {list: []}",
        "access: {remove: owner}",
        "list: {sort: []}",
        "list: {page_size: 0}",
        "list: {page_size: 1001}",
        "list: {fliter: [a]}",
        "list: {filter: a}",
        "plural: People",
        "fields: {Code: str}",
        "owner: [a]",
    ],
)
def test_options_it_refuses(option: str) -> None:
    assert not accepted(with_option(option))


@pytest.mark.parametrize(
    "text", ["resources: {}", "name: Shop", "name: x\nresource: {}", "name: x\nresources: {post: {}}"]
)
def test_designs_it_refuses(text: str) -> None:
    assert not accepted(text)
