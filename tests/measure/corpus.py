"""The apps of this folder: each grows in one known way, and its `twin/` is what heals it, laid over the same files."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from fastwright.measure.model import LazyLoad
from fastwright.verbs.optimize import EndpointGrowth
from tests.project.projects import environment

HERE = Path(__file__).resolve().parent / "apps"
APPS = tuple(sorted(path.parent.name for path in HERE.glob("*/truth.json")))
_NOT_THE_APP = shutil.ignore_patterns("truth.json", "twin", "__pycache__", "*.db", "*.sqlite*")


def truth(app: str) -> dict[str, Any]:
    """Return what is true of an app: how it grows and where, and what takes that away, if an edit can."""
    return json.loads((HERE / app / "truth.json").read_text(encoding="utf-8"))


def copy(app: str, to: Path) -> Path:
    """Copy an app as its developer would have it."""
    return Path(shutil.copytree(HERE / app, to / app, ignore=_NOT_THE_APP))


def twin(app: str, to: Path) -> Path:
    """Copy an app as it is when it is healthy."""
    root = copy(app, to)
    shutil.copytree(HERE / app / "twin", root, dirs_exist_ok=True)
    return root


def interpreter() -> Path:
    """Return the interpreter that runs all of them."""
    given = os.environ.get("FASTWRIGHT_FOREIGN_PYTHON")
    framework = ("fastapi==0.165.*", "sqlalchemy[asyncio]==2.1.*", "aiosqlite", "sqlmodel")
    packages = (*framework, "python-multipart", "pyjwt", "httpx", "requests")
    return Path(given) if given else environment(*packages)


def grows(one: EndpointGrowth) -> bool:
    """Return whether something was found: growth, or a request that fails as soon as there are rows."""
    return bool(one.causes) or one.growth != "constant"


def is_known(one: EndpointGrowth, app: str) -> bool:
    """Return whether an endpoint is the one that grows, and nothing but the known cause was found, at its place.

    Of a chain of relations, each link is a cause of its own.
    """
    known = truth(app)
    cause = known["cause"]
    places = {(one.kind, site.file, site.line) for one in one.causes if (site := getattr(one, "site", None))}
    chains: list[list[str]] = [[step.shown for step in one.chain] for one in one.causes if isinstance(one, LazyLoad)]
    relations = cause.get("relations", [])
    longest: list[str] = max(chains, key=len) if chains else []
    return (
        (one.method, one.path) == (known["endpoint"]["method"], known["endpoint"]["path"])
        and places == {(cause["kind"], cause["file"], cause["line"])}
        and longest == relations
        and all(chain == relations[: len(chain)] for chain in chains)
    )
