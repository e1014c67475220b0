"""Which packages the interpreter of an app can import."""

from __future__ import annotations

import json
import subprocess
from functools import cache

from fastwright.recipes._recipe import Known

_SECONDS = 20
_QUESTION = (
    "import importlib.util, json, sys;"
    "print(json.dumps([name for name in sys.argv[1:] if importlib.util.find_spec(name) is not None]))"
)
_ASKED_FOR = (
    "alembic",
    "argon2",
    "bcrypt",
    "email_validator",
    "httpx",
    "httpx2",
    "jwt",
    "passlib",
    "pwdlib",
    "pytest",
    "python_multipart",
    "multipart",
)


def packages(known: Known) -> frozenset[str]:
    """Return those of the packages that recipes ask for which are there; none where no interpreter was used."""
    return _found(known.project.app.python) if known.project.app.python else frozenset()


@cache
def _found(python: str) -> frozenset[str]:
    command = [python, "-I", "-c", _QUESTION, *_ASKED_FOR]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS)
        names: list[str] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return frozenset()
    return frozenset(names)
