"""Projects that are written for a test, and the interpreter of today in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from fastwright.project.model import Project
from fastwright.project.read import read_project
from tests.project.projects import QUICK, TODAY, Write, environment


@pytest.fixture(scope="session")
def today() -> Path:
    return environment(*TODAY)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the files of a project and return its directory."""

    def written(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "project" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return tmp_path / "project"

    return written


@pytest.fixture
def mapped(write: Write, today: Path) -> Callable[[str], Project]:
    """Return the map of a project that is one file."""
    return lambda text: read_project(write({"main.py": text}), python=today, limits=QUICK)
