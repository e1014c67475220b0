"""Changes as data: they survive JSON, explain themselves, and apply below the project only."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from fastwright.changes import AddFile, Change
from fastwright.changes.operation import operation_kinds
from fastwright.errors import InputError

CHANGE = Change(
    summary="two files",
    operations=(
        AddFile(path="a/b.txt", content="one\ntwo\n"),
        AddFile(path="run", content="#!/bin/sh\n", executable=True),
    ),
)


def test_a_change_survives_json() -> None:
    assert Change.model_validate_json(CHANGE.model_dump_json()) == CHANGE


def test_a_change_is_applied_below_the_root(tmp_path: Path) -> None:
    CHANGE.apply(tmp_path)
    assert (tmp_path / "a/b.txt").read_bytes() == b"one\ntwo\n"
    assert (tmp_path / "a/b.txt").stat().st_mode & 0o111 == 0
    assert (tmp_path / "run").stat().st_mode & 0o111 == 0o111


def test_a_change_explains_itself() -> None:
    assert CHANGE.explain() == ("add a/b.txt (2 lines)", "add run (1 lines)")


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="already there"):
        CHANGE.apply(tmp_path)
    assert (tmp_path / "run").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../out", "", ".", "a\\..\\b", "a\0b"])
def test_a_path_outside_of_the_project_is_refused(path: str) -> None:
    with pytest.raises(ValidationError, match="not a path inside"):
        AddFile(path=path, content="")


def test_every_operation_is_named_after_its_file() -> None:
    assert operation_kinds()["add_file"] is AddFile
    assert AddFile(path="a", content="").model_dump()["kind"] == "add_file"


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"not a kind of operation: .*add_file"):
        Change.model_validate({"summary": "", "operations": [{"kind": "drop_table"}]})
