"""One watchman and one directory for all measurements of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fastwright.proof.guard import Guard
from tests.measure.laboratory import Measure, measurer


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    with Guard() as one:
        yield one


@pytest.fixture(scope="session")
def measure(tmp_path_factory: pytest.TempPathFactory, guard: Guard) -> Measure:
    return measurer(Path(tmp_path_factory.mktemp("measure")), guard)
