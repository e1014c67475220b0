"""`kill -9` at any moment of `new` leaves either no target or a complete one, and the next run tidies up."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from terminal import fastwright, start, tree

MOMENTS = 36
LANDING_MOMENTS = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[frozenset[str], float]:
    """The names of a complete project, and how long it takes to write one."""
    place = tmp_path_factory.mktemp("whole")
    began = time.monotonic()
    assert fastwright(place, "new", "shop").returncode == 0
    return frozenset(tree(place / "shop")), time.monotonic() - began


def test_a_kill_at_any_moment_leaves_all_or_nothing(whole: tuple[frozenset[str], float], tmp_path: Path) -> None:
    names, seconds = whole
    chance = random.Random(20)
    landed = 0
    for number in range(MOMENTS):
        place = tmp_path / str(number)
        place.mkdir()
        with start(place, "new", "shop") as process:
            time.sleep(chance.uniform(0, 1.1 * seconds))
            _kill(process)
        landed += _all_or_nothing(place, names)
    assert landed < MOMENTS


def test_a_kill_while_landing_leaves_all_or_nothing(whole: tuple[frozenset[str], float], tmp_path: Path) -> None:
    names, _seconds = whole
    chance = random.Random(21)
    for number in range(LANDING_MOMENTS):
        place = tmp_path / str(number)
        place.mkdir()
        with start(place, "new", "shop") as process:
            while process.poll() is None and not list(place.glob(".shop.fastwright-*/project/PROOF.md")):
                time.sleep(0.0005)
            time.sleep(chance.uniform(0, 0.02))
            _kill(process)
        _all_or_nothing(place, names)


def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    with start(tmp_path, "new", "shop", FAKE_SECONDS="30") as process:
        while not list(tmp_path.glob(".shop.fastwright-*/scratch/environment")):
            time.sleep(0.005)
        _kill(process)
    assert len(list(tmp_path.iterdir())) == 1
    assert fastwright(tmp_path, "new", "shop").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def _kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def _all_or_nothing(place: Path, names: frozenset[str]) -> bool:
    if not (place / "shop").exists():
        return False
    assert frozenset(tree(place / "shop")) == names
    return True
