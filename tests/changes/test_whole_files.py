"""Operations on whole files: they go by what a file held when it was decided, so that no edit is lost by them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fastwright.changes import Applied, Change, Operation, Refused, Unchanged
from fastwright.changes.remove_file import RemoveFile
from fastwright.changes.write_file import WriteFile

BEFORE = "print('before')\n"
DIGEST = hashlib.sha256(BEFORE.encode()).hexdigest()
WRITE = WriteFile(path="app/main.py", content="print('after')\n", replaces=DIGEST)
REMOVE = RemoveFile(path="app/main.py", holds=DIGEST)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "app" / "main.py"
    file.parent.mkdir()
    file.write_text(BEFORE, encoding="utf-8")
    file.chmod(0o755)
    return file


def test_a_file_gets_its_new_content_once_and_keeps_its_mode(file: Path, tmp_path: Path) -> None:
    assert WRITE.apply(tmp_path) == Applied(files=("app/main.py",))
    assert file.read_text(encoding="utf-8") == "print('after')\n"
    assert file.stat().st_mode & 0o777 == 0o755
    assert isinstance(WRITE.apply(tmp_path), Unchanged)


def test_a_file_goes_and_so_does_its_directory_if_nothing_is_left_in_it(file: Path, tmp_path: Path) -> None:
    assert REMOVE.apply(tmp_path) == Applied(files=("app/main.py",))
    assert not file.parent.exists()
    assert isinstance(REMOVE.apply(tmp_path), Unchanged)


def test_a_directory_stays_while_something_is_in_it(file: Path, tmp_path: Path) -> None:
    other = file.with_name("other.py")
    other.touch()
    REMOVE.apply(tmp_path)
    assert list(file.parent.iterdir()) == [other]


@pytest.mark.parametrize("operation", [WRITE, REMOVE])
def test_what_was_edited_meanwhile_is_not_touched(operation: Operation, file: Path, tmp_path: Path) -> None:
    file.write_text("print('edited')\n", encoding="utf-8")
    outcome = operation.apply(tmp_path)
    assert isinstance(outcome, Refused)
    assert outcome.reason == "app/main.py: was changed in the meantime"
    assert file.read_text(encoding="utf-8") == "print('edited')\n"


def test_what_is_removed_can_be_added_again_in_the_same_change(file: Path, tmp_path: Path) -> None:
    change = Change(
        summary="anew",
        operations=(REMOVE, {"kind": "add_file", "path": "app/main.py", "content": "1\n"}),  # type: ignore[arg-type]
    )
    change.apply(tmp_path)
    assert file.read_text(encoding="utf-8") == "1\n"


@pytest.mark.parametrize("operation", [WRITE, REMOVE])
def test_an_operation_survives_json_and_explains_itself(operation: Operation) -> None:
    change = Change(summary="one", operations=(operation,))
    assert Change.model_validate_json(change.model_dump_json()) == change
    assert operation.explain().endswith(("main.py", "lines)"))
