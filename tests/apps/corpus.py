"""The apps of this folder: what is true of each, a copy to work on, and an interpreter that can run it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from filelock import FileLock
from platformdirs import user_cache_path
from uv import find_uv_bin

HERE = Path(__file__).resolve().parent
APPS = tuple(sorted(path.parent.name for path in HERE.glob("*/truth.json")))
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "requirements-test.txt")
INSTALL_SECONDS = 600


def truth(app: str) -> dict[str, Any]:
    return json.loads((HERE / app / "truth.json").read_text(encoding="utf-8"))


def copy(app: str, to: Path) -> Path:
    """Copy an app as its developer would have it: without the truth, caches and databases."""
    ignored = shutil.ignore_patterns("truth.json", "__pycache__", ".pytest_cache", "*.db", "*.sqlite*")
    return Path(shutil.copytree(HERE / app, to / app, ignore=ignored))


def settings(app: str) -> dict[str, str]:
    """Return a small process environment, with what the app's own example file sets."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    if example := truth(app)["run"].get("env_file"):
        for line in (HERE / app / example).read_text(encoding="utf-8").splitlines():
            name, separator, value = line.partition("=")
            if separator and not line.startswith("#"):
                environment[name] = value
    return environment


def interpreter(app: str) -> Path:
    """Return the app's interpreter; its environment is made once, and again when its requirements change."""
    home = user_cache_path("fastwright") / "test-environments"
    home.mkdir(parents=True, exist_ok=True)
    place = home / _fingerprint(app)
    python = place / "bin" / "python"
    with FileLock(f"{place}.lock"):
        if not (place / "complete").exists():
            _uv("venv", "--quiet", "--clear", "--python", sys.executable, str(place))
            _uv("pip", "install", "--quiet", "--python", str(python), *_wanted(app))
            (place / "complete").touch()
    return python


def _requirements(app: str) -> list[Path]:
    listed = [HERE / app / name for name in REQUIREMENTS if (HERE / app / name).exists()]
    return listed or [HERE / app / "pyproject.toml"]


def _fingerprint(app: str) -> str:
    texts = [sys.version, *(path.read_text(encoding="utf-8") for path in _requirements(app))]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _wanted(app: str) -> list[str]:
    arguments: list[str] = []
    for path in _requirements(app):
        arguments += ["--requirements", str(path)]
        if path.name == "pyproject.toml":
            arguments.append("--all-extras")
            groups = tomllib.loads(path.read_text(encoding="utf-8")).get("dependency-groups", {})
            arguments += [f"--group={path}:{group}" for group in groups]
    return arguments


def _uv(*arguments: str) -> None:
    subprocess.run([find_uv_bin(), *arguments], check=True, timeout=INSTALL_SECONDS, stdin=subprocess.DEVNULL)
