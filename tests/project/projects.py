"""Interpreters with FastAPI in which projects are read, and what to look up in a map."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path
from uv import find_uv_bin

from fastwright.project.model import Endpoint, Project
from fastwright.project.read import Limits

TODAY = ("fastapi==0.165.*", "sqlalchemy[asyncio]==2.1.*", "aiosqlite", "pydantic-settings", "itsdangerous")
# The oldest that is read, the last one before the router tree, and the one that has the tree without a way to walk it.
VERSIONS = {
    "0.100": ("fastapi==0.100.*", "pydantic==2.4.*", "sqlalchemy==2.0.*"),
    "0.115": ("fastapi==0.115.*", "sqlalchemy==2.0.*"),
    "0.128": ("fastapi==0.128.*", "sqlalchemy==2.0.*"),
    "0.137.1": ("fastapi==0.137.1", "sqlalchemy==2.0.*"),
    "0.165": TODAY,
}
QUICK = Limits(imported=20, startup=5, asking=20)

Write = Callable[[Mapping[str, str]], Path]


def environment(*packages: str) -> Path:
    """Return an interpreter with these packages; it is made once and kept in the user's cache."""
    key = hashlib.sha256("\0".join((sys.version, *packages)).encode()).hexdigest()[:16]
    place = user_cache_path("fastwright") / "test-environments" / key
    place.parent.mkdir(parents=True, exist_ok=True)
    python = place / "bin" / "python"
    with FileLock(f"{place}.lock"):
        if not (place / "complete").exists():
            _uv("venv", "--quiet", "--clear", "--python", sys.executable, str(place))
            _uv("pip", "install", "--quiet", "--python", str(python), *packages)
            (place / "complete").touch()
    return python


def _uv(*arguments: str) -> None:
    subprocess.run([find_uv_bin(), *arguments], check=True, timeout=600, stdin=subprocess.DEVNULL)


def endpoint(project: Project, operation: str) -> Endpoint:
    """Return the endpoint `GET /path` of a project."""
    found = [one for one in project.endpoints if f"{one.method} {one.path}" == operation]
    assert len(found) == 1, [f"{one.method} {one.path}" for one in project.endpoints]
    return found[0]
