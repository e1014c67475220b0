"""Run the migrations of the project on an empty database of our own PostgreSQL server: up, down, up, and the models."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from fastwright.measure.driver.postgres import Passage
from fastwright.measure.driver.scratch import Scratch
from fastwright.proof.guest.migrations import STAGES, command


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return the stage that did not pass with what it said, or nothing; raises `ImportError` without Alembic."""
    server: dict[str, str] = request["server"]
    directory = Path(request["scratch"])
    sys.path[:0] = request["entry"]["paths"]
    fences = Passage([request["root"], str(directory)], server["socket"])
    Scratch(directory, fences, server["socket"], server["name"]).redirect()
    alembic = importlib.import_module("alembic.config")
    fences.put_up()
    for stage, words in STAGES:
        if said := command(alembic, Path(request["alembic"]).name, words):
            return {"stage": stage, "said": said}
    return {}
