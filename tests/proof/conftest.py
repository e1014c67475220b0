"""A stage to run steps in."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest

from fastwright.proof.guard import Guard
from fastwright.proof.model import Progress, Proof, Step, silent
from fastwright.proof.runner import run_steps
from fastwright.proof.staging import Stage, staged
from fastwright.proof.workspace import sandboxes

Run = Callable[..., Proof]


@pytest.fixture
def stage(tmp_path: Path) -> Generator[Stage]:
    with staged(tmp_path / "shop") as stage:
        yield stage


@pytest.fixture
def run(stage: Stage) -> Generator[Run]:
    """Run steps on the stage, with two workers."""
    with Guard() as guard:

        def run(steps: Sequence[Step], progress: Progress = silent) -> Proof:
            return run_steps(steps, sandboxes(stage, guard), workers=2, progress=progress)

        yield run
