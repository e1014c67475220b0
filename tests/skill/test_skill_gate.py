"""`fastwright skill gate`, as the stop hook of an agent runs it: what broke sends the agent back, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.project.projects import TODAY, environment

APP = """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

app = FastAPI()

def caller(token=Depends(HTTPBearer())):
    if token.credentials != "x":
        raise HTTPException(403)

@app.get("/things", dependencies=[Depends(caller)])
def things() -> list[int]:
    return []
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a small app, and an environment where it is looked for."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "main.py").write_text(APP, encoding="utf-8")
    (root / ".gitignore").write_text(".venv\n", encoding="utf-8")
    (root / ".venv").symlink_to(environment(*TODAY).parent.parent)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "first")):
        _git(root, *arguments)
    return root


def _git(root: Path, *arguments: str) -> None:
    names = {f"GIT_{who}_{what}": "t@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], cwd=root, env={**os.environ, **names}, check=True)


def stop(root: Path, home: Path, raw: str = "", **told: Any) -> dict[str, Any]:
    """Return what the hook answers; nothing lets the agent stop."""
    done = subprocess.run(
        [sys.executable, "-m", "fastwright", "skill", "gate"],
        cwd=root,
        input=raw or json.dumps({"hook_event_name": "Stop", "cwd": str(root), **told}),
        env={**os.environ, "XDG_CACHE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout or "{}")


def test_what_became_public_sends_the_agent_back_once(project: Path, tmp_path: Path) -> None:
    main = project / "main.py"
    main.write_text(APP.replace(", dependencies=[Depends(caller)]", ""), encoding="utf-8")
    first = stop(project, tmp_path)
    assert first["decision"] == "block"
    assert "GET /things" in first["reason"]
    again = stop(project, tmp_path, stop_hook_active=True)
    assert "decision" not in again
    assert "GET /things" in again["systemMessage"]


def test_a_change_that_breaks_nothing_is_proven_once(project: Path, tmp_path: Path) -> None:
    (project / "main.py").write_text(
        f"{APP}\n\n@app.get('/health')\ndef health() -> str:\n    return 'ok'\n", encoding="utf-8"
    )
    assert "decision" not in stop(project, tmp_path)
    (project / ".venv").unlink()  # it could not be proven any more
    assert stop(project, tmp_path) == {}


def test_where_there_is_no_backend_or_no_repository_nothing_is_said(project: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    assert stop(bare, tmp_path) == {}
    _git(project, "rm", "-q", "main.py")
    _git(project, "commit", "-q", "-m", "no app")
    (project / "notes.py").write_text("x = 1\n", encoding="utf-8")
    assert stop(project, tmp_path) == {}


def test_what_is_no_json_is_taken_as_nothing(tmp_path: Path) -> None:
    assert stop(tmp_path, tmp_path, raw="no json") == {}
