"""`fastwright.lock`: what was written is what is read back, and what is not one is refused with a hint."""

from __future__ import annotations

import json
import lzma
from base64 import b85encode
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings

from fastwright.design import read_yaml
from fastwright.design.model import Design
from fastwright.errors import InputError
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.record import Record, read_record
from tests.design.strategies import designs

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILES = {PurePosixPath("app/main.py"): "print('ä')\n", PurePosixPath("README.md"): ""}


@given(designs())
@settings(max_examples=50)
def test_every_design_is_read_back(design: Design):
    record = Record(design, FILES, "1.2.3")

    assert read_record(record.text()) == record


def test_the_record_of_the_shop_is_small_text_with_the_design_to_be_read():
    design = read_yaml(EXAMPLES / "shop.yaml")
    text = Record(design, render_backend(design)).text()

    assert read_record(text).design == design
    assert '  "  Product:",' in text
    assert len(text) < 200_000
    assert max(map(len, text.splitlines())) < 200


def test_the_same_project_has_the_same_record_again():
    design = read_yaml(EXAMPLES / "blog.yaml")

    assert Record(design, FILES).text() == Record(design, dict(reversed(FILES.items()))).text()


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"files": ["not base 85 \x7f"]},
        {"files": []},
        {"files": [b85encode(lzma.compress(b"[]")).decode()]},
        {"files": [b85encode(lzma.compress(bytes(65 * 1024 * 1024))).decode()]},
        {"design": ["name: [1]"]},
        {"design": None},
    ],
    ids=["newer", "garbled", "empty", "of-another-kind", "a-bomb", "no-design", "null"],
)
def test_what_is_no_record_is_refused(changes: dict[str, object]):
    data = json.loads(Record(read_yaml(EXAMPLES / "blog.yaml"), FILES).text())

    with pytest.raises(InputError, match="cannot be read") as refused:
        read_record(json.dumps({**data, **changes}))
    assert "version control" in refused.value.hint
