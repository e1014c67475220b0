"""`kill -9` at any moment of landing, of undo, and of the recovery from that: the old tree or the new one."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from journal_driver import Tree, land, tree

from fastwright.proof.journal import recover
from fastwright.proof.undoing import standing

DRIVER = Path(__file__).parent / "journal_driver.py"
MOMENTS = (6, pytest.param(60, marks=pytest.mark.slow))
TIMED_MOMENTS = (6, pytest.param(50, marks=pytest.mark.slow))
KILLED_RECOVERIES = (3, pytest.param(20, marks=pytest.mark.slow))
SIDE_BY_SIDE = 4


class Trees:
    """An old tree, the new one that a change makes of it, and projects that are the one or the other."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.old, self.new = place / "old", place / "new"
        _write_old(self.old)
        shutil.copytree(self.old, self.new, symlinks=True)
        _change(self.new)
        self.landed = place / "landed"
        shutil.copytree(self.old, self.landed, symlinks=True)
        land(self.landed, self.new)
        assert tree(self.landed) == tree(self.new)

    def project(self, action: str, number: int) -> Path:
        """Return a project on which `action` can be done."""
        root = Path(tempfile.mkdtemp(prefix=f"{action}-{number}-", dir=self._place)) / "project"
        shutil.copytree(self.old if action == "land" else self.landed, root, symlinks=True)
        return root


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    return Trees(tmp_path_factory.mktemp("trees"))


@pytest.mark.parametrize("moments", MOMENTS)
@pytest.mark.parametrize("action", ["land", "undo"])
def test_a_kill_before_any_write_leaves_the_old_tree_or_the_new_one(trees: Trees, action: str, moments: int) -> None:
    writes = run(action, trees.project(action, 0), trees.new)
    chance = random.Random(31)
    chosen = sorted({1, writes, *chance.sample(range(1, writes + 1), moments)})

    def end(moment: int) -> str:
        return end_of(trees, trees.project(action, moment), action, moment)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        assert set(pool.map(end, chosen)) == {"old", "new"}


@pytest.mark.parametrize("moments", TIMED_MOMENTS)
@pytest.mark.parametrize("action", ["land", "undo"])
def test_a_kill_at_any_time_leaves_the_old_tree_or_the_new_one(trees: Trees, action: str, moments: int) -> None:
    chance = random.Random(32)
    seconds = _seconds_of(trees, action)
    for number in range(moments):
        root = trees.project(action, 10_000 + number)
        with start(action, root, trees.new) as process:
            _wait_until_it_writes(root, process, action)
            time.sleep(chance.uniform(0, 1.1 * seconds))
            process.kill()
        check_before_recovery(trees, root)
        recover(root)
        check_whole(trees, root)


@pytest.mark.parametrize("times", KILLED_RECOVERIES)
def test_a_recovery_that_is_killed_is_recovered_from(trees: Trees, times: int) -> None:
    chance = random.Random(33)
    writes = run("land", trees.project("land", 20_000), trees.new)

    def check(number: int) -> None:
        root = trees.project("land", 20_000 + number)
        run("land", root, trees.new, writes - chance.randrange(2, 200))
        for _again in range(3):
            run("recover", root, trees.new, chance.randrange(1, 60))
            check_before_recovery(trees, root)
        recover(root)
        check_whole(trees, root)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(check, range(1, times + 1)))


def start(action: str, root: Path, wanted: Path, moment: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, str(DRIVER), action, str(root), str(wanted), str(moment)]
    stages = {**os.environ, "TMPDIR": str(root.parent)}  # those of killed runs go with the test
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=stages)


def run(action: str, root: Path, wanted: Path, moment: int = 0) -> int:
    """Run it to its end, or to its own kill, and return how many writes it took, if it came that far."""
    with start(action, root, wanted, moment) as process:
        out, _err = process.communicate()
    assert process.returncode in {0, -9}
    return int(out or 0)


def end_of(trees: Trees, root: Path, action: str, moment: int) -> str:
    """Kill `action` before its write number `moment`, and return which tree is there after the next run."""
    assert run(action, root, trees.new, moment) == 0  # it never came to its end
    check_before_recovery(trees, root)
    committed = (root / ".fastwright/landing").exists()
    recovery = recover(root)
    assert (recovery is not None) == committed
    return check_whole(trees, root)


def check_before_recovery(trees: Trees, root: Path) -> None:
    """What a reader sees is whole, or the record tells that it may not be."""
    if not (root / ".fastwright/landing").exists():
        assert without_temporaries(tree(root)) in (tree(trees.old), tree(trees.new))


def check_whole(trees: Trees, root: Path) -> str:
    """Return which tree is there; the journal says the same, and nothing else is left."""
    found = tree(root)
    end = "old" if found == tree(trees.old) else "new"
    assert found == tree(trees.old if end == "old" else trees.new)
    assert len(standing(root)) == (end == "new")
    journal = root / ".fastwright/journal"
    assert not journal.exists() or all((entry / "done").exists() for entry in journal.iterdir())
    return end


def without_temporaries(found: Tree) -> Tree:
    return {path: state for path, state in found.items() if not path.rpartition("/")[2].startswith(".fastwright-")}


def _seconds_of(trees: Trees, action: str) -> float:
    root = trees.project(action, 9_999)
    with start(action, root, trees.new) as process:
        _wait_until_it_writes(root, process, action)
        began = time.monotonic()
        process.communicate()
    return time.monotonic() - began


def _wait_until_it_writes(root: Path, process: subprocess.Popen[str], action: str) -> None:
    entries = 1 if action == "land" else 2
    while process.poll() is None and len(list((root / ".fastwright/journal").glob("*"))) < entries:
        time.sleep(0.0002)


def _write_old(root: Path) -> None:
    for number in range(90):
        directory = root / f"app/part_{number % 9}"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"module_{number}.py").write_text(f"NUMBER = {number}\n" * 20, encoding="utf-8")
    for number in range(20):
        (root / f"gone/deep_{number % 4}").mkdir(parents=True, exist_ok=True)
        (root / f"gone/deep_{number % 4}/file_{number}").write_bytes(b"gone\r\n" * number)
    (root / "empty").mkdir()
    (root / "turns").write_text("into a directory", encoding="utf-8")
    (root / "link").symlink_to("app")
    (root / "manage").write_text("#!/bin/sh\n", encoding="utf-8")


def _change(root: Path) -> None:
    for number in range(0, 90, 2):
        path = root / f"app/part_{number % 9}/module_{number}.py"
        path.write_text(path.read_text(encoding="utf-8") + "CHANGED = True\n", encoding="utf-8")
    for number in range(40):
        directory = root / f"app/fresh_{number % 3}/deep"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"new_{number}.py").write_text(f"NEW = {number}\n", encoding="utf-8")
    shutil.rmtree(root / "gone")
    (root / "empty").rmdir()
    (root / "bare").mkdir(mode=0o750)
    (root / "turns").unlink()
    (root / "turns").mkdir()
    (root / "turns/inside.py").write_text("INSIDE = True\n", encoding="utf-8")
    (root / "link").unlink()
    (root / "link").symlink_to("app/part_1")
    (root / "manage").chmod(0o755)
    (root / "app/part_1").chmod(0o700)
