"""The steps of a proof: what runs beside what, what is skipped, what is told, and what is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import is_gone, read_when_there

from fastwright.proof.model import Event, Finished, Proof, Started, Step
from fastwright.proof.sandbox import Sandbox
from fastwright.proof.staging import Stage

Run = Callable[..., Proof]


def step(name: str, code: str, *needs: str, timeout: float = 20, preparing: bool = False, **variables: str) -> Step:
    def action(box: Sandbox) -> str:
        return box.run([sys.executable, "-I", "-S", "-c", textwrap.dedent(code)], **variables).strip()

    return Step(name, name, action, f"make {name}", needs, timeout=timeout, preparing=preparing)


def test_steps_that_do_not_need_each_other_run_side_by_side(run: Run, tmp_path: Path) -> None:
    code = f"""
        import pathlib, time
        pathlib.Path({str(tmp_path)!r}, "MINE").touch()
        while not pathlib.Path({str(tmp_path)!r}, "OTHER").exists(): time.sleep(0.01)
    """
    one = step("one", code.replace("MINE", "a").replace("OTHER", "b"))
    two = step("two", code.replace("MINE", "b").replace("OTHER", "a"))
    assert run([one, two]).proven


def test_no_more_run_than_there_are_workers_and_the_first_come_first(run: Run) -> None:
    running, most, order = set[str](), list[int](), list[str]()

    def watch(event: Event) -> None:
        match event:
            case Started(begun):
                running.add(begun.name)
                order.append(begun.name)
            case Finished(result):
                running.discard(result.name)
            case _:
                pass
        most.append(len(running))

    assert run([step(name, "import time; time.sleep(0.1)") for name in "abcde"], watch).proven
    assert max(most) == 2
    assert order == list("abcde")


def test_a_failed_step_skips_what_needs_it_and_the_others_still_end(run: Run) -> None:
    proof = run(
        [
            step("broken", "print('because of this'); raise SystemExit(3)"),
            step("slow", "import time; time.sleep(0.3); print('fine')"),
            step("next", "", "broken"),
            step("after", "", "next", "slow"),
        ]
    )
    assert [result.status for result in proof.steps] == ["failed", "passed", "skipped", "skipped"]
    assert not proof.proven
    assert "exit 3" in proof.failures[0].evidence
    assert "because of this" in proof.failures[0].evidence
    assert proof.steps[1].evidence == "fine"
    assert proof.steps[3].evidence == "not run: it needs next"


def test_evidence_of_a_failure_is_the_end_of_its_output(run: Run) -> None:
    code = "print(*range(1000), 'fetched https://user:hunter2@index.example/simple', sep='\\n'); raise SystemExit(1)"
    evidence = run([step("long", code)]).failures[0].evidence
    assert "\n999\n" in evidence
    assert "\n500\n" not in evidence
    assert "hunter2" not in evidence


def test_a_proof_without_steps_proves_nothing(run: Run) -> None:
    assert not run([]).proven


def test_a_time_limit_ends_a_step_with_its_grandchildren(run: Run, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    proof = run([step("stuck", _family(pids), timeout=1.5)])
    assert "time limit" in proof.failures[0].evidence
    assert all(is_gone(int(pid)) for pid in read_when_there(pids).split())


def test_children_left_behind_by_a_step_that_passed_are_ended(run: Run, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    assert run([step("quick", _family(pids, wait=False))]).proven
    assert all(is_gone(int(pid)) for pid in read_when_there(pids).split())


def test_stopping_ends_every_running_step(run: Run, tmp_path: Path) -> None:
    pids = tmp_path / "pids"

    def stop(event: Event) -> None:
        if isinstance(event, Finished):
            read_when_there(pids)
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run([step("stuck", _family(pids)), step("quick", "")], stop)
    assert time.monotonic() - began < 8
    assert all(is_gone(int(pid)) for pid in read_when_there(pids).split())


def test_steps_do_not_see_the_secrets_of_their_caller(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("DATABASE_URL", "postgresql://prod")
    proof = run([step("curious", "import os; print(sorted(os.environ.items()))", GIVEN="yes")])
    assert "hunter2" not in proof.steps[0].evidence
    assert "DATABASE_URL" not in proof.steps[0].evidence
    assert str(Path.home()) not in [part.strip(" '()") for part in proof.steps[0].evidence.split(",")]
    assert "GIVEN" in proof.steps[0].evidence


def test_what_a_step_leaves_behind_does_not_land_unless_it_prepares(run: Run, stage: Stage) -> None:
    (stage.project / "app.py").write_text("as it was", encoding="utf-8")
    write = "open('{}', 'w').write('changed')"
    proof = run(
        [
            step("prepare", write.format("uv.lock"), preparing=True),
            step("tests", write.format("app.py") + "; " + write.format("litter"), "prepare"),
            step("later", "print(open('app.py').read(), open('uv.lock').read())", "tests"),
        ]
    )
    assert proof.steps[2].evidence == "as it was changed"
    assert sorted(path.name for path in stage.project.iterdir()) == ["app.py", "uv.lock"]


def test_a_command_that_does_not_exist_is_a_failure_and_no_crash(run: Run) -> None:
    proof = run([Step("lost", "lost", lambda box: box.run(["/does/not/exist"]), "lost")])
    assert "could not be run" in proof.failures[0].evidence


@pytest.mark.parametrize("needs", [("b",), ("a",), ("unknown",)])
def test_a_plan_in_the_wrong_order_is_refused(run: Run, needs: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="does not come before it"):
        run([step("a", "", *needs), step("b", "")])


def test_what_a_killed_run_had_started_ends_by_itself(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = f"""
        import sys
        from pathlib import Path
        from fastwright.proof.guard import Guard
        from fastwright.proof.model import Step
        from fastwright.proof.runner import run_steps
        from fastwright.proof.staging import staged
        from fastwright.proof.workspace import sandboxes

        with staged(Path({str(tmp_path)!r}) / "shop") as stage, Guard() as guard:
            family = [sys.executable, "-I", "-S", "-c", {_family(pids)!r}]
            run_steps([Step("stuck", "stuck", lambda box: box.run(family), "")], sandboxes(stage, guard))
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)]) as process:
        read_when_there(pids)
        os.kill(process.pid, signal.SIGKILL)
    assert all(is_gone(int(pid)) for pid in read_when_there(pids).split())


def _family(pids: Path, *, wait: bool = True) -> str:
    """Return a program that starts a child which ignores being told to end, and writes down both process ids."""
    return textwrap.dedent(f"""
        import os, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"])
        open({str(pids)!r}, "w").write(f"{{os.getpid()}} {{child.pid}}\\n")
        time.sleep(600 if {wait} else 0)
    """)
