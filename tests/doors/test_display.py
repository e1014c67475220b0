"""What people see of a proof: a list that fits their terminal while it runs, plain lines in a log."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from terminal import DOOR

from fastwright.proof.model import Finished, Planned, Proof, Started, Status, Step, StepResult
from fastwright.render.landing import print_failures
from fastwright.render.progress import Board

PLAN = tuple(Step(name, name.title(), lambda _box: "", f"make {name}") for name in ("lint", "types", "tests", "boot"))


def ended(name: str, status: Status, evidence: str) -> Finished:
    seconds = 0.0 if status == "skipped" else 12.34
    return Finished(
        StepResult(name=name, title=name.title(), status=status, seconds=seconds, evidence=evidence, command="")
    )


def shown(board: Board, width: int = 80) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as capture:
        console.print(board)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_proof_is_one_line_a_step_in_the_order_of_the_plan() -> None:
    board = Board()
    for event in (
        Planned(PLAN),
        Started(PLAN[1]),
        ended("lint", "passed", "no findings"),
        ended("boot", "skipped", ""),
    ):
        board.update(event)
    lines = shown(board)
    assert lines[0].split() == ["✓", "Lint", "12.3", "s", "no", "findings"]
    assert re.fullmatch(r". Types +0\.\d s", lines[1])
    assert lines[2].split() == ["Tests"]
    assert lines[3].split() == ["–", "Boot"]


@pytest.mark.parametrize("width", [40, 80, 200])
def test_long_evidence_is_cut_off_and_never_wraps(width: int) -> None:
    board = Board()
    board.update(Planned(PLAN))
    board.update(ended("lint", "passed", "word " * 100))
    assert len(shown(board, width)) == len(PLAN)
    assert max(len(line) for line in shown(board, width)) <= width


def test_of_a_failure_the_last_line_is_shown_where_tools_sum_up() -> None:
    board = Board()
    board.update(Planned(PLAN))
    board.update(ended("tests", "failed", "pytest: exit 1\nmany lines\n2 failed, 40 passed"))
    assert shown(board)[2].endswith("2 failed, 40 passed")


def on_a_terminal(directory: Path, **variables: str) -> str:
    """Return what `new` shows on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    command = [sys.executable, str(DOOR), "new", "shop", "--yes"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", **variables}
    with subprocess.Popen(
        command, cwd=directory, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        output = bytearray()
        while True:
            try:
                output += os.read(ours, 65536)
            except OSError:  # the other end was closed
                break
    os.close(ours)
    assert process.returncode == 0
    return output.decode()


def test_a_terminal_sees_the_steps_move(tmp_path: Path) -> None:
    output = on_a_terminal(tmp_path, FAKE_SECONDS="0.2")
    assert "\x1b[" in output
    assert "✓" in output
    assert "what tests found" in output


def test_no_color_is_honoured(tmp_path: Path) -> None:
    output = on_a_terminal(tmp_path, NO_COLOR="1")
    assert "what tests found" in output
    assert not re.search(r"\x1b\[[0-9;]*3\dm", output)
    assert "\x1b[2K" not in output


def test_what_could_not_be_looked_at_is_named_where_nothing_failed() -> None:
    steps = (ended("tests", "passed", "4 passed").result, ended("boot", "skipped", "before: no end").result)
    console = Console(file=io.StringIO(), width=80, record=True)
    print_failures(console, Proof(steps=steps, seconds=60), "write it by hand")
    told = console.export_text()
    assert "before: no end" in told
    assert "Not proven: boot could not be looked at, and nothing was changed." in told
    assert "by hand" not in told
