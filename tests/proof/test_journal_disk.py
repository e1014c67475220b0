"""Disks that are full, read-only, or set a limit: refused with a reason and a hint, and the project is as it was."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from journal_driver import Tree, become, tree

from fastwright.errors import InputError
from fastwright.proof.copying import copy_project
from fastwright.proof.journal import land_edits, recover
from fastwright.proof.undoing import plan_undo, standing, undo

DRIVER = Path(__file__).parent / "journal_driver.py"


@contextlib.contextmanager
def mounted(place: Path, options: str) -> Generator[Path]:
    """Mount an empty file system at `place`, or skip the test where that is not allowed."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def write(root: Path, text: str) -> None:
    (root / "app").mkdir(parents=True, exist_ok=True)
    for number in range(6):
        (root / f"app/file_{number}").write_text(text * 1500, encoding="utf-8")


def land(root: Path, wanted: Path) -> None:
    with copy_project(root) as copy:
        become(copy.project, wanted)
        land_edits(root, copy.edits(), summary="a change")


def fill(place: Path, free: int) -> None:
    """Fill a file system but for `free` bytes."""
    filler = place / "filler.log"
    filler.unlink(missing_ok=True)
    found = os.statvfs(place)
    with filler.open("wb") as file:
        file.write(b"\0" * max(0, found.f_bavail * found.f_frsize - free))


def test_a_disk_that_becomes_full_at_any_point_leaves_the_old_tree(tmp_path: Path) -> None:
    write(tmp_path / "wanted", "new ")
    (tmp_path / "wanted/added").mkdir()
    (tmp_path / "wanted/added/file").write_text("added", encoding="utf-8")
    with mounted(tmp_path / "disk", "size=2m") as place:
        root = place / "project"
        write(root, "old ")
        before = tree(root)
        refused = 0
        for free in range(0, 300_000, 8192):
            fill(place, free)
            error = refusal(lambda: land(root, tmp_path / "wanted"))
            if error is None:
                break
            assert "No space left" in error.message
            assert error.hint
            refused += 1
            assert tree(root) == before
        assert refused > 10
        after = tree(root)
        assert after == tree(tmp_path / "wanted")
        check_undo(root, place, before, after)


def check_undo(root: Path, place: Path, before: Tree, after: Tree) -> None:
    """Take the change back on a disk that is full at first, and has more room each time."""
    for free in range(0, 300_000, 8192):
        fill(place, free)
        error = refusal(lambda: undo(root, plan_undo(root)))
        if error is None:
            break
        assert "No space left" in error.message
        assert tree(root) == after
        assert len(standing(root)) == 1
    assert tree(root) == before


def refusal(action: Callable[[], object]) -> InputError | None:
    try:
        action()
    except InputError as error:
        return error
    return None


def test_a_landing_is_ended_on_a_disk_that_was_filled_meanwhile(tmp_path: Path) -> None:
    write(tmp_path / "wanted", "new ")
    with mounted(tmp_path / "disk", "size=2m") as place:
        root = place / "project"
        write(root, "old ")
        shutil.copytree(root, place / "rehearsal")
        writes = drive(place / "rehearsal", tmp_path / "wanted", 0)
        drive(root, tmp_path / "wanted", int(writes) - 3)
        assert (root / ".fastwright/landing").exists()
        assert tree(root) not in (tree(place / "rehearsal"), tree(tmp_path / "wanted"))
        fill(place, 0)
        assert recover(root)
        assert tree(root) == tree(tmp_path / "wanted")


def drive(root: Path, wanted: Path, moment: int) -> str:
    """Land in a process of its own, which is killed before a write, and return what it printed."""
    command = [sys.executable, str(DRIVER), "land", str(root), str(wanted), str(moment)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def test_a_read_only_file_system_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "wanted", "new ")
    with mounted(tmp_path / "disk", "size=2m") as place:
        root = place / "project"
        write(root, "old ")
        before = tree(root)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        assert recover(root) is None
        with pytest.raises(InputError, match="read-only"):
            land(root, tmp_path / "wanted")
        assert tree(root) == before


@pytest.mark.parametrize("limit", [0, 1, 100, 400, 3000, 5000])
def test_a_limit_on_file_sizes_is_told_and_nothing_is_written(tmp_path: Path, limit: int) -> None:
    write(tmp_path / "project", "old ")
    write(tmp_path / "wanted", "new ")
    before = tree(tmp_path / "project")
    with copy_project(tmp_path / "project") as copy:
        become(copy.project, tmp_path / "wanted")
        with limited(limit), pytest.raises(InputError, match=r"cannot be written.*nothing was changed"):
            land_edits(tmp_path / "project", copy.edits(), summary="a change")
    assert tree(tmp_path / "project") == before
    assert not (tmp_path / "project/.fastwright").exists()


def test_a_copy_that_does_not_fit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "project", "old ")
    with (
        limited(100),
        pytest.raises(InputError, match="cannot be copied") as caught,
        copy_project(tmp_path / "project"),
    ):
        pass
    assert "TMPDIR" in caught.value.hint


def test_what_is_mounted_in_the_project_can_be_changed(tmp_path: Path) -> None:
    write(tmp_path / "wanted", "new ")
    root = tmp_path / "project"
    root.mkdir()
    with mounted(root / "app", "size=2m"):
        write(root, "old ")
        before = tree(root)
        with copy_project(root) as copy:
            write(copy.project, "new ")
            land_edits(root, copy.edits(), summary="a change")
        assert {path: state[2] for path, state in tree(root).items()} == {
            path: state[2] for path, state in tree(tmp_path / "wanted").items()
        }
        undo(root, plan_undo(root))
        assert tree(root) == before


@contextlib.contextmanager
def limited(limit: int) -> Generator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
