"""The pytest plugin: a project's own tests fail when an endpoint begins to grow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.measure import corpus

TEST = """
def test_no_endpoint_takes_more_statements_for_more_rows(fastwright_growth):
    fastwright_growth.assert_constant({arguments})
"""


def run_tests(root: Path, arguments: str = "") -> tuple[int, str]:
    (root / "test_growth.py").write_text(TEST.format(arguments=arguments), encoding="utf-8")
    ini = f"[pytest]\nfastwright_python = {corpus.interpreter()}\n"
    (root / "pytest.ini").write_text(ini, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout


def test_an_endpoint_that_grows_fails_with_its_cause(tmp_path: Path) -> None:
    code, told = run_tests(corpus.copy("loans", tmp_path))
    path = corpus.truth("loans")["endpoint"]["path"]
    assert code == 1
    assert f"GET {path}: " in told
    assert "is loaded once for each row" in told


@pytest.mark.slow
def test_a_healthy_app_passes_and_what_is_allowed_has_to_be_true(tmp_path: Path) -> None:
    root = corpus.twin("loans", tmp_path)
    assert run_tests(root)[0] == 0
    code, told = run_tests(root, "allowed=['/gone']")
    assert code == 1
    assert "take it off the list" in told
