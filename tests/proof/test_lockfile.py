"""Lock files: when two projects may share one, and how it is reused under another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.proof.lockfile import Manifest, locked_for, locked_versions

LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "anyio"
version = "4.12.0"
source = { registry = "https://index.example/simple" }
dependencies = [
    { name = "shop" },
]

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }

[[package]]
name = "starlette"
version = "1.10.0"
source = { registry = "https://index.example/simple" }
"""
PROJECT = """\
[project]
name = "NAME"
description = "A shop"
requires-python = ">=3.11"
dependencies = ["fastapi>=0.165"]
[dependency-groups]
dev = ["pytest"]
[tool.uv]
package = false
[tool.ruff]
line-length = 120
"""


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("zoo", ["anyio", "starlette", "zoo"]),
        ("aaa", ["aaa", "anyio", "starlette"]),
        ("shop", ["anyio", "shop", "starlette"]),
    ],
)
def test_a_lock_file_is_renamed_and_its_entry_stands_in_order(name: str, order: list[str]) -> None:
    text = locked_for(LOCK, name)
    assert [line.split('"')[1] for line in text.splitlines() if line.startswith("name")] == order
    assert '{ name = "shop" }' in text
    assert text.count("\n\n\n") == 0


def test_a_lock_file_under_its_own_name_is_the_same() -> None:
    assert locked_for(LOCK, "shop") == LOCK


def test_versions_are_read_in_the_order_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text(LOCK, encoding="utf-8")
    assert list(locked_versions(tmp_path / "uv.lock", ["starlette", "unknown", "anyio"])) == ["starlette", "anyio"]
    assert locked_versions(tmp_path / "missing.lock", ["anyio"]) == {}


def fingerprint(directory: Path, text: str, *circumstances: str) -> str:
    (directory / "pyproject.toml").write_text(text, encoding="utf-8")
    return Manifest.read(directory).fingerprint(*circumstances)


def test_equal_dependencies_share_an_environment_whatever_the_project_is_called(tmp_path: Path) -> None:
    shop = fingerprint(tmp_path, PROJECT.replace("NAME", "shop"), "3.11")
    assert fingerprint(tmp_path, PROJECT.replace("NAME", "blog").replace("A shop", "A blog"), "3.11") == shop
    assert fingerprint(tmp_path, PROJECT.replace("NAME", "shop").replace("120", "100"), "3.11") == shop


@pytest.mark.parametrize(("old", "new"), [("0.165", "0.166"), (">=3.11", ">=3.12"), ('"pytest"', '"pytest", "x"')])
def test_other_dependencies_get_another_environment(tmp_path: Path, old: str, new: str) -> None:
    assert fingerprint(tmp_path, PROJECT, "3.11") != fingerprint(tmp_path, PROJECT.replace(old, new), "3.11")


def test_another_interpreter_gets_another_environment(tmp_path: Path) -> None:
    assert fingerprint(tmp_path, PROJECT, "3.11") != fingerprint(tmp_path, PROJECT, "3.12")
