"""The four requests that everything began with, in plain words, on an app in its first week: each ends in a proof."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.project.projects import TODAY, environment

APP = Path(__file__).parent / "first_week"
NEEDED = (*TODAY, "pytest", "httpx", "httpx2", "python-multipart", "email-validator", "pwdlib[argon2]", "pyjwt")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def python() -> Path:
    named = os.environ.get("FASTWRIGHT_FOREIGN_PYTHON")
    return Path(named) if named else environment(*NEEDED)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for source in APP.iterdir():
        (tmp_path / f"{source.stem}.py").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    requirements = "fastapi\nsqlalchemy\npytest\nhttpx\n"
    (tmp_path / "requirements.txt").write_text(requirements, encoding="utf-8")
    return tmp_path


def ask(words: str, project: Path, python: Path, option: str = "--yes") -> dict[str, Any]:
    command = [sys.executable, "-m", "fastwright", "ask", option, "--json"]
    where = ["--project", str(project), "--python", str(python)]
    done = subprocess.run([*command, *where, words], capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_a_registration_with_email_validation_and_password_hashing_is_added(project: Path, python: Path) -> None:
    data = ask(
        "I need to create a user registration endpoint with email validation and password hashing", project, python
    )
    assert [step["args"] for step in data["plan"]] == [{"capability": "registration"}]
    assert data["results"][0]["landed"]
    assert "argon2" in data["explanation"]
    assert "/api/auth/register" in (project / "main.py").read_text(encoding="utf-8")


def test_the_posts_are_protected_after_the_sign_in_that_this_needs(project: Path, python: Path) -> None:
    data = ask("Can you add JWT authentication to protect the /api/posts endpoints?", project, python)
    assert [(step["verb"], step["args"]) for step in data["plan"]] == [
        ("add", {"capability": "auth"}),
        ("protect", {"path": "/api/posts"}),
    ]
    assert [one["landed"] for one in data["results"]] == [True, True]
    assert len(data["results"][1]["result"]["access"]) == 3


def test_a_plan_can_be_tried_whole_without_landing(project: Path, python: Path) -> None:
    before = {file: file.read_bytes() for file in project.rglob("*") if file.is_file()}
    words = "Can you add JWT authentication to protect the /api/posts endpoints?"
    data = ask(words, project, python, "--dry-run")
    assert [(one["verb"], one["done"], one["landed"]) for one in data["results"]] == [
        ("add", True, False),
        ("protect", True, False),
    ]
    assert {file: file.read_bytes() for file in project.rglob("*") if file.is_file()} == before


def test_fetching_user_data_needs_as_many_statements_for_many_rows_as_for_few(project: Path, python: Path) -> None:
    words = "The API is slow when fetching user data. Can you optimize the database queries?"
    data = ask(words, project, python)
    (measured,) = [one for one in data["results"][0]["result"]["endpoints"] if one["path"] == "/api/users"]
    assert data["results"][0]["landed"]
    assert len(set(measured["after"].values())) == 1


def test_validation_errors_are_explained_with_a_request_that_is_accepted(project: Path, python: Path) -> None:
    data = ask("I'm getting validation errors on the POST /api/products endpoint", project, python)
    result = data["results"][0]["result"]
    assert {one["name"] for one in result["accepts"]} == {"name", "price", "available_from"}
    assert any(one["verified"] for one in result["examples"])
