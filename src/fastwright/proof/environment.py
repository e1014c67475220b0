"""The environment in which a new backend is proven: made once for a set of dependencies, and kept in the cache."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock

from fastwright.proof.model import StepFailed
from fastwright.proof.sandbox import Sandbox

COMPLETE = "fastwright-complete"


@dataclass(frozen=True)
class Environment:
    """`root` is the cached directory: the virtual environment, the lock file it was made from, mypy's memory."""

    root: Path

    @property
    def python(self) -> Path:
        """The interpreter."""
        return self.root / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def mypy_cache(self) -> Path:
        """What mypy remembers of third-party packages between two proofs."""
        return self.root / "mypy"

    @classmethod
    def of(cls, project: Path) -> Environment:
        """Return where the environment for this project's dependencies is kept."""
        document = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
        wanted = [
            document["project"].get("dependencies"),
            document["project"].get("optional-dependencies"),
            document.get("dependency-groups"),
            platform.python_version(),
            platform.platform(),
        ]
        key = hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]
        return cls(Path(platformdirs.user_cache_dir("fastwright")) / "environments" / key)

    def prepare(self, sandbox: Sandbox) -> str:
        """Make the environment if it is not there, put its lock file into the project, and return the evidence."""
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / "lock"):
            lock_file = self.root / "uv.lock"
            complete = self.root / COMPLETE
            if complete.exists() and self.python.exists():
                _copy_lock(lock_file, sandbox.directory)
                return f"{complete.read_text(encoding='utf-8')} packages, from the cache"
            # Without --frozen uv resolves first; with a lock of an earlier attempt it keeps those versions.
            if lock_file.exists():
                _copy_lock(lock_file, sandbox.directory)
            uv = Path(sysconfig.get_path("scripts")) / "uv"
            sandbox.run(
                [uv, "sync", "--all-groups", "--no-install-project", "--python", sys.executable, "--quiet"],
                UV_PROJECT_ENVIRONMENT=str(self.root / "venv"),
                UV_NO_PROGRESS="1",
            )
            shutil.copyfile(sandbox.directory / "uv.lock", lock_file)
            count = len(list((self.root / "venv").rglob("*.dist-info")))
            complete.write_text(str(count), encoding="utf-8")
            return f"{count} packages, newly installed"

    def versions(self, names: tuple[str, ...]) -> dict[str, str]:
        """Return the installed versions of some packages, those that are there."""
        script = (
            "import importlib.metadata as m, sys\n"
            "for n in sys.argv[1:]:\n"
            "    try: print(n, m.version(n))\n"
            "    except m.PackageNotFoundError: pass"
        )
        try:
            done = subprocess.run(
                [self.python, "-c", script, *names], capture_output=True, text=True, check=True, timeout=30
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise StepFailed(f"the environment does not run: {error}") from error
        return dict(line.split() for line in done.stdout.splitlines())


def _copy_lock(lock_file: Path, project: Path) -> None:
    """Give the project a kept lock file, under the project's own name: uv writes that name into it."""
    name = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    text = lock_file.read_text(encoding="utf-8")
    own = re.compile(r'name = "[^"]*"(?=\nversion = "[^"]*"\nsource = \{ virtual = "\." \})')
    (project / "uv.lock").write_text(own.sub(f'name = "{name}"', text), encoding="utf-8")
