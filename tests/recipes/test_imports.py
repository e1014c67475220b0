"""Imports of what is new are written as those around them are, and never lead out of the package at the top."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.project.locate import importable
from fastwright.project.source import Source


@pytest.mark.parametrize(
    ("files", "asked", "found"),
    [
        (
            ("main.py", "api/__init__.py", "api/events/__init__.py", "api/events/routing.py"),
            3,
            (".", "api.events.routing"),
        ),
        (("app/__init__.py", "app/main.py", "app/schemas/user.py"), 2, (".", "app.schemas.user")),
        (("src/main.py", "src/models/user.py"), 1, ("src/models", "user")),
    ],
    ids=["packages below the top", "a folder in a package", "folders that are no packages"],
)
def test_a_module_is_imported_from_where_its_packages_begin(
    files: tuple[str, ...], asked: int, found: tuple[str, str], tmp_path: Path
) -> None:
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("import os\n", encoding="utf-8")
    source = Source.read(tmp_path)
    assert importable(source, source.files[files[asked]]) == found
