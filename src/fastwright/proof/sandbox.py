"""Where a step of a proof runs: a copy of the project, a scratch directory, and an environment without secrets."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastwright.project.child import GUEST, environment
from fastwright.proof.guard import Guard
from fastwright.proof.model import StepFailed

EVIDENCE_LINES = 40
POLL_SECONDS = 0.02
GRACE_SECONDS = 3.0
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


@dataclass(frozen=True)
class Sandbox:
    """One step's surroundings. Child processes get a process group of their own, which ends with the step."""

    directory: Path
    scratch: Path
    deadline: float
    guard: Guard
    cancelled: threading.Event

    def run(self, command: Sequence[str | Path], **variables: str) -> str:
        """Run `command` in the copy of the project and return what it printed, or raise `StepFailed` with its end."""
        with self.start(command, **variables) as (process, log):
            while process.poll() is None:
                self.pause(f"no end after its time limit: {_waited_for(command)}", log)
            if process.returncode != 0:
                raise self.failure(f"{_shown(command)}: {_ending(process.returncode)}", log)
            return log.read_text(encoding="utf-8", errors="replace")

    @contextlib.contextmanager
    def start(self, command: Sequence[str | Path], **variables: str) -> Generator[tuple[subprocess.Popen[bytes], Path]]:
        """Run `command` in the background; at the end of the block its whole process group is gone."""
        log = self.scratch / f"{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=self.directory,
                env=environment(Path(command[0]), self.scratch, variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.guard.watch(process.pid)
        try:
            yield process, log
        finally:
            end_group(process)
            self.guard.release(process.pid)

    def pause(self, complaint: str, log: Path | None = None) -> None:
        """Wait a moment. Raises `StepFailed`, with `complaint`, when the step's time is up or all is called off."""
        if time.monotonic() > self.deadline:
            raise self.failure(complaint, log)
        if self.cancelled.wait(POLL_SECONDS):
            raise StepFailed("called off")

    def failure(self, complaint: str, log: Path | None = None) -> StepFailed:
        """Return the failure with its evidence: the complaint, and the end of the log.

        Paths are as seen from the project, and addresses are without credentials.
        """
        output = log.read_text(encoding="utf-8", errors="replace") if log else ""
        text = "\n".join([complaint, *output.rstrip().splitlines()[-EVIDENCE_LINES:]])
        return StepFailed(_CREDENTIALS.sub("***@", text).replace(f"{self.directory}{os.sep}", ""))


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and everything in its group: politely first, then for good."""
    if process.poll() is None:
        _signal_group(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _ending(code: int) -> str:
    return f"exit {code}" if code >= 0 else f"ended by {signal.Signals(-code).name}"


def _waited_for(command: Sequence[str | Path]) -> str:
    """Return what a person could run, or what the app is asked for here, which nobody types."""
    return "the app, asked by Fastwright" if GUEST in command else _shown(command)


def _shown(command: Sequence[str | Path]) -> str:
    return " ".join([Path(command[0]).name, *(str(part) for part in command[1:])])
