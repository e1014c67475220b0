"""One installation for all tests of this folder; each of them leaves it as it found it."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.sandbox import Sandbox
from tests.scale.installation import Installation, installed

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(SHOP, tmp_path_factory.mktemp("shop") / "shop"))


@pytest.fixture(scope="session")
def python(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of the environment that a proof of the shop makes, too."""
    environment = Environment.of(shop)
    with Guard() as guard:
        scratch = tmp_path_factory.mktemp("environment")
        environment.prepare(Sandbox(shop, scratch, time.monotonic() + 300, guard, threading.Event()))
    return environment.python


@pytest.fixture(scope="session")
def site(shop: Path, python: Path) -> Iterator[Installation]:
    # Not in pytest's folder: another run of root's would close that to the user whom PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="site-") as place, installed(shop, python, Path(place)) as installation:
        yield installation
