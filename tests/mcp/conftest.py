"""Apps of the corpus for a client to work on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.apps.corpus import copy, interpreter


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def vetbook(tmp_path: Path) -> Path:
    """An app with an endpoint that nobody guards; without its tests, a proof is quick."""
    root = copy("vetbook", tmp_path)
    shutil.rmtree(root / "tests")
    return root


@pytest.fixture(scope="session")
def python() -> Path:
    return interpreter("vetbook")
