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
        (("app/main.py", "app/core/security.py", "from app.core import security"), 1, (".", "app.core.security")),
        (("src/main.py", "src/core/security.py", "import core.security"), 1, ("src", "core.security")),
        (
            ("shop/main.py", "shop/models/__init__.py", "shop/models/item.py", "from . import models"),
            2,
            (".", "shop.models.item"),
        ),
    ],
    ids=[
        "packages below the top",
        "a folder in a package",
        "folders that are no packages",
        "a folder that others import from",
        "a folder below the one that is imported from",
        "a package in a folder whose modules import with a dot",
    ],
)
def test_a_module_is_imported_from_where_its_packages_begin(
    files: tuple[str, ...], asked: int, found: tuple[str, str], tmp_path: Path
) -> None:
    imports = [line for line in files if " " in line]
    for name in (name for name in files if name not in imports):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["import os", *(imports if name.endswith("main.py") else []), ""]), encoding="utf-8")
    source = Source.read(tmp_path)
    assert importable(source, source.files[files[asked]]) == found
