"""The child that looks at an app is started ahead, does half of its work aside, and never outlives who wanted it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fastwright.cli.early import begun
from fastwright.project.ahead import ready_probe, started_ahead
from fastwright.project.child import Probe
from fastwright.project.probe.aside import Aside
from fastwright.project.read import read_project
from tests.apps.corpus import interpreter
from tests.proof.processes import is_gone

APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef read() -> int:\n    return 1\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    root = tmp_path / "project"
    root.mkdir()
    (root / "main.py").write_text(APP, encoding="utf-8")
    return root


def children(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("fastwright-*"))


def test_the_child_that_was_started_ahead_is_the_one_that_looks(root: Path, tmp_path: Path) -> None:
    python = interpreter("tool_library")
    with started_ahead(root, python):
        (place,) = children(tmp_path)
        with ready_probe(python, {}) as probe:
            assert probe.place == place
    assert not children(tmp_path)


def test_a_child_that_nobody_asks_is_ended_and_leaves_nothing(root: Path, tmp_path: Path) -> None:
    with started_ahead(root, interpreter("tool_library")):
        assert children(tmp_path)
    assert not children(tmp_path)


def test_one_that_is_dropped_before_its_with_is_ended_too(root: Path, tmp_path: Path) -> None:
    probe = Probe(interpreter("tool_library"), {})
    pid = probe.pid
    del probe
    assert is_gone(pid)
    assert not children(tmp_path)


def test_one_that_cannot_be_started_leaves_nothing(root: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Probe(tmp_path / "no-python", {})
    assert not children(tmp_path)


def test_one_with_other_variables_is_not_taken(root: Path) -> None:
    python = interpreter("tool_library")
    with started_ahead(root, python), ready_probe(python, {"KEY": "1"}) as probe:
        assert probe.made_for == (python, {"KEY": "1"})


def test_none_is_started_for_what_is_remembered_whoever_names_the_app(root: Path, tmp_path: Path) -> None:
    python = interpreter("tool_library")
    read_project(root, python=python)
    for app in (None, "main:app"):
        with started_ahead(root, python, app):
            assert not children(tmp_path)


@pytest.mark.parametrize("verb", ["map", "check"])
def test_the_door_starts_one_before_the_command_is_imported(verb: str, root: Path, tmp_path: Path) -> None:
    python = interpreter("tool_library")
    with begun([verb, f"--project={root}", "--python", str(python), "--json"]), ready_probe(python, {}) as probe:
        assert children(tmp_path) == [probe.place]


@pytest.mark.parametrize("arguments", [["map", "--static"], ["check", "--help"], ["new"], []])
def test_the_door_starts_none_for_what_runs_nothing(arguments: list[str], root: Path, tmp_path: Path) -> None:
    with begun([*arguments, "--project", str(root), "--python", sys.executable]):
        assert not children(tmp_path)


def test_what_an_app_does_with_its_standard_input_is_its_own_affair(root: Path) -> None:
    (root / "main.py").write_text(f"import os\nos.closerange(0, 1)\n{APP}", encoding="utf-8")
    assert [one.path for one in read_project(root, python=interpreter("tool_library")).endpoints] == ["/"]


def test_a_project_that_cannot_be_read_is_told_by_who_reads_it(tmp_path: Path) -> None:
    with started_ahead(tmp_path / "nowhere"):
        pass
    with started_ahead(tmp_path, env_file=tmp_path / "missing.env"):
        pass


def test_work_aside_is_done_by_another_process(tmp_path: Path) -> None:
    file = tmp_path / "done"

    def work() -> None:
        file.write_text(str(os.getpid()), encoding="utf-8")

    aside = Aside(work, 10)
    aside.begin()
    aside.finish()
    assert (int(file.read_text(encoding="utf-8")) == os.getpid()) == (sys.platform != "linux")


@pytest.mark.parametrize("twin", ["os._exit(3)", "time.sleep(60)", "raise MemoryError"])
def test_work_that_a_twin_does_not_do_in_time_is_done_here(twin: str, tmp_path: Path) -> None:
    file = tmp_path / "done"
    text = (
        "import os, pathlib, sys, time\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from fastwright.project.probe.aside import Aside\n"
        "us = os.getpid()\n"
        f"def work():\n    if os.getpid() != us:\n        {twin}\n    pathlib.Path(sys.argv[2]).write_text('here')\n"
        "aside = Aside(work, 0.2)\naside.begin()\naside.finish()\n"
    )
    source = str(Path(__file__).parents[2] / "src")
    command = [sys.executable, "-c", text, source, str(file)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        assert process.wait(20) == 0
        assert file.read_text(encoding="utf-8") == "here"
    finally:
        end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
