"""What can be wrong with a project or its disk: a clear error with the next thing to try, exit 2, and nothing changed.

Elsewhere, as they need their own tools: `kill -9` at 50 and more moments of landing, undo and recovery
(`tests/proof/test_journal_killed.py`), a disk that becomes full at any point (`tests/proof/test_journal_disk.py`).
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from terminal import fastwright, start

from tests.apps.corpus import interpreter

APP = """
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import HTTPBearer

    app = FastAPI()
    bearer = HTTPBearer()


    def user(token=Depends(bearer)):
        if token.credentials != "good":
            raise HTTPException(401)
        return token


    @app.get("/me")
    def me(who=Depends(user)):
        return {}


    @app.get("/things")
    def things():
        return []
"""
FAULTS: dict[str, tuple[str, dict[str, str], str, str]] = {
    "a syntax error": ("import broken\n", {"broken.py": "x = (\n"}, "broken.py:1", "correct"),
    "an import that hangs": ("import time\ntime.sleep(600)\n", {}, "main.py:2", ""),
    "an import that ends the process": ("import sys\nsys.exit(3)\n", {}, "sys.exit(3)", "--static"),
    "an import that needs a variable": ("import os\nos.environ['SHOP_KEY']\n", {}, "SHOP_KEY", "--env-file"),
}
QUICK = ("a syntax error", "an import that needs a variable")


def project(place: Path, first: str = "", **files: str) -> Path:
    root = place / "project"
    root.mkdir()
    (root / "main.py").write_text(first + dedent(APP), encoding="utf-8")
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    paths = [path for path in root.rglob("*") if path.is_file() and ".fastwright" not in path.parts]
    return {path.relative_to(root).as_posix(): (path.stat().st_mode, path.read_bytes()) for path in paths}


def command(*more: str) -> tuple[str, ...]:
    return ("protect", "/things", "--python", str(interpreter("tool_library")), "--json", *more)


def refused(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 2, done.stdout + done.stderr
    error: dict[str, Any] = json.loads(done.stdout)["error"]
    assert error["message"]
    assert error["hint"]
    return error


@pytest.mark.parametrize(
    "fault", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in FAULTS]
)
def test_what_cannot_be_imported_is_told_and_left_alone(fault: str, tmp_path: Path) -> None:
    first, files, told, hint = FAULTS[fault]
    root = project(tmp_path, first, **files)
    before = tree(root)
    error = refused(fastwright(root, *command()))
    assert told in f"{error.get('location')} {error['message']}"
    assert hint in error["hint"]
    assert tree(root) == before


@pytest.mark.slow
@pytest.mark.parametrize(("name", "content"), [("no app", "x = 1\n"), ("two apps", None)])
def test_which_app_is_meant_is_asked_for(name: str, content: str | None, tmp_path: Path) -> None:
    root = project(tmp_path)
    text = content if content is not None else dedent(APP) + "\nother = FastAPI()\n"
    (root / "main.py").write_text(text, encoding="utf-8")
    before = tree(root)
    error = refused(fastwright(root, *command()))
    assert "--app" in error["hint"], name
    assert tree(root) == before


@pytest.mark.slow
def test_a_read_only_file_is_named_and_stays(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "main.py").chmod(0o444)
    before = tree(root)
    error = refused(fastwright(root, *command()))
    assert "main.py" in error["message"]
    assert "chmod" in error["hint"]
    assert tree(root) == before


@pytest.mark.slow
def test_of_two_runs_at_once_one_lands_and_the_other_refuses_or_has_nothing_to_do(tmp_path: Path) -> None:
    root = project(tmp_path)
    before = tree(root)["main.py"]
    runs = [start(root, *command()) for _run in range(2)]
    outputs = [run.communicate(timeout=300)[0] for run in runs]
    codes = sorted(run.returncode for run in runs)
    landed = [bool(json.loads(text).get("landed")) for text in outputs]
    assert landed.count(True) == 1
    assert codes in ([0, 0], [0, 2])
    assert (root / "main.py").read_text(encoding="utf-8").count("Depends(user)") == 2
    assert fastwright(root, "undo").returncode == 0
    assert tree(root)["main.py"] == before
