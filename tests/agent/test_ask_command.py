"""`fastwright ask` at the terminal: batches, plans as JSON, questions, and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REQUESTS = Path(__file__).parent / "requests"


@pytest.fixture(scope="module")
def cinema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = json.loads((REQUESTS / "projects.json").read_text(encoding="utf-8"))["cinema"]
    file = tmp_path_factory.mktemp("map") / "cinema.json"
    file.write_text(json.dumps(data | {"unknown": {"key": 1}}), encoding="utf-8")
    return file


def ask(*arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fastwright", "ask", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)


def test_a_batch_answers_every_line_whatever_is_in_it(cinema: Path) -> None:
    project = json.loads(cinema.read_text(encoding="utf-8"))
    lines = [
        json.dumps({"id": "a", "project": project, "text": "paginate the movies"}),
        "no json",
        json.dumps({"id": "c", "project": project}),
        json.dumps(
            {"id": "d", "project": {"endpoints": [{"path": 3}], "models": "none"}, "text": "paginate the movies"}
        ),
        json.dumps([1]),
        json.dumps({"id": "f", "project": None, "text": ""}),
    ]
    done = ask("--batch", given="\n".join(lines) + "\n")
    answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(answers) == len(lines)
    assert answers[0]["plan"] == [{"verb": "add", "args": {"capability": "pagination", "path": "/api/movies"}}]
    assert all(isinstance(one["plan"], list) and isinstance(one["questions"], list) for one in answers)
    assert [one["id"] for one in answers] == ["a", None, "c", "d", None, "f"]


def test_a_plan_is_one_json_object_and_nothing_is_run(cinema: Path) -> None:
    done = ask("--plan-only", "--json", "--project-map", cinema, "Coupons?", "protect", "the", "snacks")
    data = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(data) == {"plan", "questions", "explanation"}
    assert data["plan"] == [{"verb": "protect", "args": {"path": "/api/snacks"}}]


def test_a_question_has_numbered_choices_and_the_exit_code_one(cinema: Path) -> None:
    done = ask("--project-map", cinema, "cache the seats")
    assert done.returncode == 1
    assert "1. /api/screenings/{screening_id}/seats" in done.stdout
    assert "2. /api/halls/{hall_id}/seats" in done.stdout


def test_a_plan_that_changes_something_waits_for_yes_where_nobody_can_be_asked(cinema: Path, tmp_path: Path) -> None:
    done = ask("--project-map", cinema, "--project", tmp_path, "paginate the movies")
    assert done.returncode == 2
    assert "--yes" in done.stderr


def test_a_step_that_cannot_be_done_ends_the_plan_and_says_what_to_try(cinema: Path, tmp_path: Path) -> None:
    words = "paginate the movies and write tests for the snacks"
    done = ask("--project-map", cinema, "--project", tmp_path, "--yes", "--json", words)
    data = json.loads(done.stdout)
    assert done.returncode == 1
    assert [one["done"] for one in data["results"]] == [False]
    assert data["error"]["message"]
    assert "Not begun" in data["explanation"]


def test_a_map_that_is_none_is_told_with_how_to_write_one(tmp_path: Path) -> None:
    wrong = tmp_path / "map.json"
    wrong.write_text("[", encoding="utf-8")
    done = ask("--plan-only", "--project-map", wrong, "undo")
    assert done.returncode == 2
    assert "fastwright map --json" in done.stderr


def test_the_help_of_fastwright_imports_neither_the_agent_nor_what_it_needs() -> None:
    script = (
        "import sys; from fastwright.cli.boundary import run; run(['--help']);"
        "print([name for name in sys.modules if name.startswith(('fastwright.agent', 'pydantic', 'libcst'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip().endswith("[]")
