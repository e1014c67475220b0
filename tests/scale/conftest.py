"""One installation for all tests of this folder; each of them leaves it as it found it."""

from __future__ import annotations

import shutil
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
def site(shop: Path, python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(shop, python, tmp_path_factory.mktemp("site")) as installation:
        yield installation
