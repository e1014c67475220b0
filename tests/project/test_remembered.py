"""A project that has not changed is not imported again, and one that has is."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.project.model import Project
from fastwright.project.read import read_project
from tests.apps.corpus import interpreter

# The path tells when it was imported.
APP = """
import time

from fastapi import FastAPI

import settings

app = FastAPI()


@app.get(f"/at/{time.time_ns()}/{settings.NAME}")
def read() -> int:
    return 1
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    python = interpreter("tool_library")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("FASTWRIGHT_FOREIGN_PYTHON", str(python))
    root = tmp_path / "project"
    root.mkdir()
    (root / "main.py").write_text(APP, encoding="utf-8")
    (root / "settings.py").write_text("NAME = 'one'\n", encoding="utf-8")
    return root


def path_of(root: Path, env_file: Path | None = None) -> str:
    project: Project = read_project(root, python=interpreter("tool_library"), env_file=env_file)
    return project.endpoints[0].path


def test_an_unchanged_project_is_not_imported_again(root: Path) -> None:
    assert path_of(root) == path_of(root)


def test_every_file_counts(root: Path) -> None:
    before = path_of(root)
    (root / "settings.py").write_text("NAME = 'two'\n", encoding="utf-8")
    assert path_of(root).endswith("/two")
    (root / "data.csv").write_text("1\n", encoding="utf-8")
    assert path_of(root) != before


def test_variables_count(root: Path, tmp_path: Path) -> None:
    before = path_of(root)
    file = tmp_path / "more.env"
    file.write_text("KEY=1\n", encoding="utf-8")
    assert path_of(root, env_file=file) != before


def test_another_place_of_the_same_project_is_told_as_its_own(root: Path, tmp_path: Path) -> None:
    path_of(root)
    moved = root.rename(tmp_path / "moved")
    project = read_project(moved, python=interpreter("tool_library"))
    assert (project.app.root, project.endpoints[0].file) == (str(moved), "main.py")


def test_what_was_imported_from_elsewhere_counts(root: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "common.py").write_text("X = 1\n", encoding="utf-8")
    text = f"import sys\nsys.path.append({str(shared)!r})\nimport common\nNAME = 'one'\n"
    (root / "settings.py").write_text(text, encoding="utf-8")
    before = path_of(root)
    assert path_of(root) == before
    (shared / "common.py").write_text("X = 22\n", encoding="utf-8")
    assert path_of(root) != before


def test_a_cache_that_is_damaged_is_done_without(root: Path, tmp_path: Path) -> None:
    path_of(root)
    for file in (tmp_path / "cache").rglob("*.json"):
        file.write_text("{", encoding="utf-8")
    assert path_of(root)


def test_a_project_that_could_not_start_is_tried_again(root: Path) -> None:
    text = APP.replace("app = FastAPI()", "def fail():\n    raise OSError\n\n\napp = FastAPI(on_startup=[fail])")
    (root / "main.py").write_text(text, encoding="utf-8")
    assert path_of(root) != path_of(root)
