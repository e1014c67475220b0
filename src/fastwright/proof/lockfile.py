"""What the proof reads from `pyproject.toml` and `uv.lock`, and how a lock file is reused under another name."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

_OWN_NAME = re.compile(r'\Aname = "[^"]*"(?=\nversion = "[^"]*"\nsource = \{ virtual = "\." \})')
_PACKAGE = "[[package]]\n"


class _Table(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Project(_Table):
    name: str
    python: str = Field(default="", alias="requires-python")
    dependencies: tuple[str, ...] = ()
    optional: dict[str, tuple[str, ...]] = Field(default_factory=dict, alias="optional-dependencies")


class _Tools(_Table):
    uv: dict[str, object] = Field(default_factory=dict)


class Manifest(_Table):
    """The parts of a `pyproject.toml` that decide what is installed."""

    project: _Project
    groups: dict[str, tuple[object, ...]] = Field(default_factory=dict, alias="dependency-groups")
    tool: _Tools = _Tools()

    @classmethod
    def read(cls, project: Path) -> Manifest:
        return cls.model_validate(tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8")))

    def fingerprint(self, *circumstances: str) -> str:
        """Return a short name that is equal for equal dependencies under equal circumstances, whatever the project."""
        wanted = (self.project.python, self.project.dependencies, self.project.optional, self.groups, self.tool.uv)
        return hashlib.sha256(repr((wanted, circumstances)).encode()).hexdigest()[:16]


class _Package(_Table):
    name: str
    version: str = ""


class _Lock(_Table):
    package: tuple[_Package, ...] = ()


def locked_versions(lock: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the versions that a lock file names for the packages in `names`, in that order, as far as it has them."""
    if not lock.is_file():
        return {}
    packages = _Lock.model_validate(tomllib.loads(lock.read_text(encoding="utf-8"))).package
    versions = {package.name: package.version for package in packages}
    return {name: versions[name] for name in names if name in versions}


def locked_for(text: str, name: str) -> str:
    """Return a lock file's text for a project called `name`: its own entry is renamed, and stands where uv puts it."""
    head, *packages = text.rstrip("\n").split(_PACKAGE)
    renamed = (_OWN_NAME.sub(f'name = "{name}"', package.rstrip("\n")) for package in packages)
    ordered = sorted(renamed, key=lambda package: package.partition("\n")[0])
    return "\n\n".join([head.rstrip("\n"), *(f"{_PACKAGE}{package}" for package in ordered)]) + "\n"
