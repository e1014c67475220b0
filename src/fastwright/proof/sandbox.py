"""Where the steps of a proof run: the staged copy, a scratch directory, and an environment without secrets."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastwright.proof.model import StepFailed

# What uv needs to reach its index and its cache, and programs to find their way; nothing that could be a secret.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
PASSED_ON_TO_UV = (
    "UV_CACHE_DIR",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_PYTHON",
    "UV_OFFLINE",
    "XDG_CACHE_HOME",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)
EVIDENCE_LINES = 40


@dataclass
class Sandbox:
    """One step's surroundings. Child processes get a process group of their own, which ends with the step."""

    directory: Path
    scratch: Path
    python: Path
    variables: Mapping[str, str]
    deadline: float
    cancelled: threading.Event = field(default_factory=threading.Event)

    def run(self, command: Sequence[str | Path], **variables: str) -> str:
        """Run `command` in the staged copy and return what it printed. Raises `StepFailed` with the end of it."""
        with self.start(command, **variables) as (process, log):
            while process.poll() is None:
                if time.monotonic() > self.deadline:
                    raise StepFailed(f"no end after its time limit: {_shown(command)}\n{tail(log)}")
                if self.cancelled.wait(0.02):
                    raise StepFailed("cancelled")
            if process.returncode != 0:
                raise StepFailed(f"{_shown(command)}: exit {process.returncode}\n{tail(log)}")
            return log.read_text(encoding="utf-8", errors="replace")

    @contextlib.contextmanager
    def start(self, command: Sequence[str | Path], **variables: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """Run `command` in the background; at the end of the block the whole process group is gone."""
        log = self.scratch / f"{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=self.directory,
                env=minimal_environment(self.python, **self.variables, **variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process, log
        finally:
            end_group(process)


def minimal_environment(python: Path, **variables: str) -> dict[str, str]:
    """Return the variables of a child process: a few of ours, the project's interpreter first, and `variables`."""
    kept = {name: os.environ[name] for name in (*PASSED_ON, *PASSED_ON_TO_UV) if name in os.environ}
    kept["PATH"] = f"{python.parent}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **variables}


def end_group(process: subprocess.Popen[bytes], *, grace: float = 5.0) -> None:
    """End a process and everything it started: politely first, then for good."""
    if process.poll() is None:
        _signal_group(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def tail(log: Path, lines: int = EVIDENCE_LINES) -> str:
    """Return the end of a log."""
    text = log.read_text(encoding="utf-8", errors="replace").rstrip()
    return "\n".join(text.splitlines()[-lines:])


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _shown(command: Sequence[str | Path]) -> str:
    return " ".join([Path(command[0]).name, *(str(part) for part in command[1:])])
