"""The interpreter in which apps are diagnosed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.project.projects import TODAY, environment

NEEDED = (*TODAY, "python-multipart", "email-validator", "pyjwt", "argon2-cffi", "httpx", "pytest")


@pytest.fixture(scope="session")
def today() -> Path:
    """Return an interpreter with today's FastAPI, and what forms and e-mail addresses need."""
    named = os.environ.get("FASTWRIGHT_FOREIGN_PYTHON")
    return Path(named) if named else environment(*NEEDED)
