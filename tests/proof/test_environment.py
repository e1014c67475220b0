"""The kept environment, made by the real uv for a project without dependencies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.sandbox import Sandbox

Box = Callable[[str], Sandbox]


@pytest.fixture
def box(tmp_path: Path) -> Generator[Box]:
    """Make the sandbox of a project without dependencies, by its name."""
    with Guard() as guard:

        def make(name: str) -> Sandbox:
            (tmp_path / name / "scratch").mkdir(parents=True)
            manifest = (
                f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.11"\n[tool.uv]\npackage = false\n'
            )
            (tmp_path / name / "pyproject.toml").write_text(manifest, encoding="utf-8")
            deadline = time.monotonic() + 60
            return Sandbox(tmp_path / name, tmp_path / name / "scratch", deadline, guard, threading.Event())

        yield make


def prepared(box: Sandbox, cache: Path) -> str:
    return Environment.of(box.directory, cache).prepare(box)


def test_an_environment_is_made_once_and_kept_for_other_projects(box: Box, tmp_path: Path) -> None:
    shop, blog = box("shop"), box("blog")
    assert "resolved and installed" in prepared(shop, tmp_path / "cache")
    assert "kept since" in prepared(blog, tmp_path / "cache")
    assert 'name = "shop"' in (shop.directory / "uv.lock").read_text(encoding="utf-8")
    assert 'name = "blog"' in (blog.directory / "uv.lock").read_text(encoding="utf-8")
    assert Environment.of(shop.directory, tmp_path / "cache").python.exists()
    assert not (shop.directory / ".venv").exists()


def test_an_environment_that_was_not_completed_is_made_again(box: Box, tmp_path: Path) -> None:
    shop = box("shop")
    prepared(shop, tmp_path / "cache")
    (Environment.of(shop.directory, tmp_path / "cache").root / "complete").unlink()
    assert "resolved and installed" in prepared(box("blog"), tmp_path / "cache")


def test_a_kept_lock_file_that_does_not_fit_is_resolved_again(box: Box, tmp_path: Path) -> None:
    shop = box("shop")
    prepared(shop, tmp_path / "cache")
    Environment.of(shop.directory, tmp_path / "cache").lock.write_text("version = 99\n", encoding="utf-8")
    assert "resolved and installed" in prepared(box("blog"), tmp_path / "cache")


def test_two_runs_at_once_make_one_environment(box: Box, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        evidence = list(pool.map(prepared, [box("shop"), box("blog")], [tmp_path / "cache"] * 2))
    assert sorted("resolved" in line for line in evidence) == [False, True]


def test_what_mypy_remembers_is_used_by_one_proof_at_a_time(box: Box, tmp_path: Path) -> None:
    shop, blog = box("shop"), box("blog")
    environment = Environment.of(shop.directory, tmp_path / "cache")
    prepared(shop, tmp_path / "cache")
    with environment.mypy_cache(shop) as first, environment.mypy_cache(blog) as second:
        assert first == environment.root / "mypy"
        assert second == blog.scratch / "mypy"
    with environment.mypy_cache(blog) as third:
        assert third == first


def test_another_index_gets_another_environment(box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = box("shop")
    before = Environment.of(shop.directory, tmp_path)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://index.example/simple")
    assert Environment.of(shop.directory, tmp_path) != before
