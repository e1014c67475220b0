"""The steps for a backend, against stand-ins for its tools: what each one notices, and what it shows as evidence."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fastwright.proof.backend import backend_steps
from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.model import Step, StepFailed
from fastwright.proof.sandbox import Sandbox

SERVER = """
    import http.server, json, signal, sys
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = DOCUMENT if self.path == "/openapi.json" else b"{}"
            self.send_response(STATUS)
            self.end_headers()
            self.wfile.write(body)
    def stop(*_):
        STOP
    signal.signal(signal.SIGTERM, stop)
    server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler)
    server.serve_forever()
"""
ALEMBIC = """
    import os, sqlite3, sys
    path = os.environ["DATABASE_URL"].removeprefix("sqlite+aiosqlite:///")
    connection = sqlite3.connect(path)
    connection.executescript({
        "upgrade": "CREATE TABLE IF NOT EXISTS alembic_version (v); CREATE TABLE posts (id); CREATE TABLE tags (id)",
        "downgrade": "DROP TABLE posts; DOWN",
        "check": "",
    }[sys.argv[1]])
"""
PYTEST = "import sys; print('= 212 passed in 14.2s ='); print('Total coverage: 97.31%'); raise SystemExit(CODE)"

Act = Callable[[str], str]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n', encoding="utf-8")
    return project


@pytest.fixture
def act(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Act:
    """Run one step in the project, with our own interpreter in place of the project's."""
    monkeypatch.setattr(Environment, "python", Path(sys.executable))
    monkeypatch.setenv("PYTHONPATH", "")

    def act(name: str) -> str:
        step = _steps(project)[name]
        with Guard() as guard:
            return step.action(Sandbox(project, tmp_path, time.monotonic() + 5, guard, threading.Event()))

    return act


def _steps(project: Path) -> dict[str, Step]:
    return {step.name: step for step in backend_steps(project)}


def tool(project: Path, name: str, code: str, **values: str) -> None:
    """Put a stand-in for a tool where `python -m` finds it first."""
    for mark, value in values.items():
        code = code.replace(mark, value)
    (project / f"{name}.py").write_text(textwrap.dedent(code), encoding="utf-8")


def serve(project: Path, status: str = "200", document: str = "", stop: str = "sys.exit(0)") -> None:
    paths = '{"paths": {"/a": {"get": {}, "post": {}, "parameters": []}}}'
    tool(project, "uvicorn", SERVER, STATUS=status, DOCUMENT=f"b'''{document or paths}'''", STOP=stop)
    tool(project, "alembic", "")


def test_every_step_says_how_to_run_it_again_and_needs_the_environment(project: Path) -> None:
    steps = _steps(project)
    assert next(iter(steps)) == "environment"
    assert all(step.command for step in steps.values())
    assert all(step.needs == ("environment",) for name, step in steps.items() if name != "environment")


def test_a_boot_is_ready_shows_its_operations_and_stops(project: Path, act: Act) -> None:
    serve(project)
    assert "2 operations" in act("boot")


def test_a_server_that_ends_by_its_signal_stopped_cleanly(project: Path, act: Act) -> None:
    serve(project, stop="signal.signal(signal.SIGTERM, signal.SIG_DFL); signal.raise_signal(signal.SIGTERM)")
    assert "ready after" in act("boot")


@pytest.mark.parametrize(
    ("fault", "evidence"),
    [
        ({"status": "503"}, "did not become ready (last answer: 503)"),
        ({"document": "no JSON"}, "not an OpenAPI document"),
        ({"document": "[]"}, "not an OpenAPI document"),
        ({"stop": "sys.exit(4)"}, "did not stop cleanly"),
        ({"stop": "raise RuntimeError"}, "did not stop cleanly"),
    ],
)
def test_a_boot_that_does_not_hold_is_noticed(project: Path, act: Act, fault: dict[str, str], evidence: str) -> None:
    serve(project, **fault)
    with pytest.raises(StepFailed) as caught:
        act("boot")
    assert evidence in str(caught.value)


def test_a_server_that_crashes_is_noticed_at_once_with_its_output(project: Path, act: Act) -> None:
    tool(project, "alembic", "")
    tool(project, "uvicorn", "raise SystemExit('SECRET_KEY is missing')")
    with pytest.raises(StepFailed, match="SECRET_KEY is missing"):
        act("boot")


def test_migrations_go_up_down_up(project: Path, act: Act) -> None:
    tool(project, "alembic", ALEMBIC, DOWN="DROP TABLE tags")
    assert act("migrations") == "up, down, up; models and schema agree on 2 tables"


def test_a_downgrade_that_leaves_a_table_is_noticed(project: Path, act: Act) -> None:
    tool(project, "alembic", ALEMBIC, DOWN="")
    with pytest.raises(StepFailed, match="leaves tables behind: tags"):
        act("migrations")


def test_tests_show_their_count_and_coverage(project: Path, act: Act) -> None:
    tool(project, "pytest", PYTEST, CODE="0")
    assert act("tests") == "212 passed; 97.31% branch coverage"


def test_failing_tests_are_noticed(project: Path, act: Act) -> None:
    tool(project, "pytest", PYTEST, CODE="1")
    with pytest.raises(StepFailed, match="212 passed"):
        act("tests")


def test_tests_that_say_nothing_prove_nothing(project: Path, act: Act) -> None:
    tool(project, "pytest", "")
    with pytest.raises(StepFailed, match="did not say"):
        act("tests")


def test_lint_runs_the_real_ruff(project: Path, act: Act) -> None:
    (project / "app.py").write_text("x = 1\n", encoding="utf-8")
    assert "already formatted" in act("lint")
    (project / "app.py").write_text("import os\n", encoding="utf-8")
    with pytest.raises(StepFailed, match="F401"):
        act("lint")


def test_the_contract_shows_the_last_line_of_its_summary(project: Path, act: Act) -> None:
    (project / "scripts").mkdir()
    (project / "scripts/contract.py").write_text("print('noise\\n40 operations, 0 failures')", encoding="utf-8")
    assert act("contract") == "40 operations, 0 failures"


def test_the_stand_ins_are_really_what_runs(project: Path) -> None:
    tool(project, "pytest", "print('stand-in')")
    done = subprocess.run([sys.executable, "-m", "pytest"], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout == "stand-in\n"
