"""Every folder below `cases/` is one edit of one file: what it was, what is done, and what it is then, byte for byte.

A case without an `after` holds the reason for which the operation is refused. Another layout of the project can be had
by putting the file elsewhere: `file` in the operation says where it goes. What else the project has is in `project/`,
and what becomes of that in `project_after/`, as far as it differs.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fastwright.changes import Applied, Change, Operation, Refused, Unchanged
from fastwright.changes.operation import operation_kinds, read_operation

CASES = Path(__file__).parent / "cases"
# Tried in `test_whole_files.py`: a case is an edit of a file that is there before and after.
WHOLE_FILES = {"add_file", "write_file", "remove_file"}
FOLDERS = sorted(path.parent for path in CASES.glob("*/*/operation.json"))


def case_id(folder: Path) -> str:
    return str(folder.relative_to(CASES))


def operation_of(folder: Path) -> Operation:
    data = json.loads((folder / "operation.json").read_text(encoding="utf-8"))
    return read_operation(data)


def given(folder: Path, root: Path) -> Path:
    """Lay out a project with the file of a case in it, and return that file."""
    before = next(folder.glob("before.*"))
    file = root / str(json.loads((folder / "operation.json").read_text(encoding="utf-8"))["file"])
    for package in (root / "app", file.parent):
        package.mkdir(parents=True, exist_ok=True)
    (root / "app/__init__.py").touch()
    if (folder / "project").exists():
        shutil.copytree(folder / "project", root, dirs_exist_ok=True)
    file.write_bytes(before.read_bytes())
    return file


@pytest.mark.parametrize("folder", FOLDERS, ids=case_id)
def test_an_operation_gives_just_what_is_expected_of_it(folder: Path, tmp_path: Path) -> None:
    file = given(folder, tmp_path)
    before = file.read_bytes()
    outcome = operation_of(folder).apply(tmp_path)
    if (folder / "refused.txt").exists():
        assert isinstance(outcome, Refused)
        assert outcome.reason == (folder / "refused.txt").read_text(encoding="utf-8").strip()
        assert file.read_bytes() == before
        return
    after = next(folder.glob("after.*")).read_bytes()
    assert file.read_bytes() == after
    others = {path.relative_to(folder / "project_after"): path for path in (folder / "project_after").rglob("*.*")}
    assert {path: (tmp_path / path).read_bytes() for path in others} == {
        path: expected.read_bytes() for path, expected in others.items()
    }
    assert isinstance(outcome, Applied if others or before != after else Unchanged)


@pytest.mark.parametrize("folder", FOLDERS, ids=case_id)
def test_a_second_time_changes_nothing(folder: Path, tmp_path: Path) -> None:
    file = given(folder, tmp_path)
    operation = operation_of(folder)
    first = operation.apply(tmp_path)
    once, touched = file.read_bytes(), file.stat().st_mtime_ns
    second = operation.apply(tmp_path)
    assert isinstance(second, Refused if isinstance(first, Refused) else Unchanged)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (once, touched)


@pytest.mark.parametrize("folder", FOLDERS, ids=case_id)
def test_an_operation_survives_json_and_explains_itself(folder: Path) -> None:
    operation = operation_of(folder)
    change = Change(summary="one", operations=(operation,))
    assert Change.model_validate_json(change.model_dump_json()) == change
    sentence = operation.explain()
    assert sentence
    assert "\n" not in sentence


def test_every_operation_has_cases() -> None:
    assert {folder.parent.name for folder in FOLDERS} == operation_kinds().keys() - WHOLE_FILES
