"""The environment in which a new backend is proven: made once for a set of dependencies, and kept in the user's cache.

It is never moved into the project, since a virtual environment does not survive a rename. What lands is the lock file
that it was made from.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import sys
import sysconfig
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from fastwright.proof.lockfile import Manifest, locked_for
from fastwright.proof.model import StepFailed
from fastwright.proof.sandbox import Sandbox

UNUSED_DAYS = 30
_COMPLETE = "complete"
# uv finds its cache, its settings, its index and the way there by these; no other step is told them.
_FOR_UV = ("HOME", "NETRC", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_PREFIXES_FOR_UV = ("UV_", "XDG_")


@dataclass(frozen=True)
class Environment:
    """`root` is the kept directory: the virtual environment, its lock file, and what mypy remembers."""

    root: Path

    @classmethod
    def of(cls, project: Path, cache: Path | None = None) -> Environment:
        """Return the environment for the dependencies of `project`, whether it has been made or not."""
        indexes = (f"{name}={value}" for name, value in sorted(os.environ.items()) if re.match("UV_.*INDEX", name))
        week = time.strftime("%G-W%V", time.gmtime())  # so that a new project starts on versions of today
        key = Manifest.read(project).fingerprint(week, platform.python_version(), platform.platform(), *indexes)
        return cls((cache or platformdirs.user_cache_path("fastwright")) / "environments" / key)

    @property
    def python(self) -> Path:
        return self.root / "venv" / "bin" / "python"

    @property
    def lock(self) -> Path:
        return self.root / "uv.lock"

    def prepare(self, box: Sandbox) -> str:
        """Make the environment if it is not there, write `uv.lock` into the project, and return the evidence."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self._alone(box):
            if self._is_reusable(box):
                (self.root / _COMPLETE).touch()
                day = time.strftime("%Y-%m-%d", time.gmtime(self.lock.stat().st_mtime))
                return f"{self._count()} packages, kept since {day}"
            self._make(box)
            self._remove_unused()
            return f"{self._count()} packages, resolved and installed"

    @contextlib.contextmanager
    def mypy_cache(self, box: Sandbox) -> Generator[Path]:
        """Yield the directory where mypy remembers third-party packages; while another proof has it, an empty one."""
        try:
            with FileLock(self.root / "mypy.lock").acquire(timeout=0):
                yield self.root / "mypy"
        except Timeout:
            yield box.scratch / "mypy"

    @contextlib.contextmanager
    def _alone(self, box: Sandbox) -> Generator[None]:
        lock = FileLock(self.root / "environment.lock")
        while True:
            with contextlib.suppress(Timeout):
                lock.acquire(timeout=0)
                break
            box.pause("another run of Fastwright kept the environment for too long")
        try:
            yield
        finally:
            lock.release()

    def _is_reusable(self, box: Sandbox) -> bool:
        """Give the project the kept lock file, and return whether that and the environment may be used as they are."""
        if not ((self.root / _COMPLETE).exists() and self.lock.exists() and self.python.exists()):
            return False
        text = locked_for(self.lock.read_text(encoding="utf-8"), Manifest.read(box.directory).project.name)
        (box.directory / "uv.lock").write_text(text, encoding="utf-8")
        try:
            self._uv(box, "lock", "--check", "--offline")
        except StepFailed:
            (box.directory / "uv.lock").unlink()  # so that uv starts afresh
            return False
        return True

    def _make(self, box: Sandbox) -> None:
        (self.root / _COMPLETE).unlink(missing_ok=True)
        self._uv(box, "sync", "--all-groups")
        shutil.copyfile(box.directory / "uv.lock", self.lock)
        (self.root / _COMPLETE).touch()

    def _uv(self, box: Sandbox, *arguments: str) -> None:
        wanted = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(self.root / "venv"), "UV_NO_PROGRESS": "1"}
        variables = {
            name: value
            for name, value in wanted.items()
            if name.upper() in _FOR_UV or name.startswith(_PREFIXES_FOR_UV)
        }
        uv = Path(sysconfig.get_path("scripts")) / "uv"
        box.run([uv, *arguments, "--project", ".", "--python", sys.executable, "--quiet"], **variables)

    def _count(self) -> int:
        return len(list((self.root / "venv").glob("lib/python*/site-packages/*.dist-info")))

    def _remove_unused(self) -> None:
        oldest = time.time() - UNUSED_DAYS * 86_400
        for marker in self.root.parent.glob(f"*/{_COMPLETE}"):
            if marker.stat().st_mtime < oldest:
                shutil.rmtree(marker.parent, ignore_errors=True)
