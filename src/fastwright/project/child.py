"""Run the probe in the interpreter of a project: a child process with a time limit, and without our secrets."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastwright.project.lent import lent

PROBE = Path(__file__).parent / "probe" / "__main__.py"
# What programs need to find their way; nothing that could be a secret.
_PASSED_ON = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")
_TURN_SECONDS = 0.2
_GRACE_SECONDS = 2.0
_NOTICED_SECONDS = 0.05
_LOG_LINES = 20


@dataclass(frozen=True)
class Outcome:
    """How the probe ended: its result if there is one, else what is known of the end."""

    result: Mapping[str, Any] | None
    timed_out: bool
    code: int | None
    log: str
    stacks: str


def run_probe(
    python: Path, request: Mapping[str, Any], directory: Path, variables: Mapping[str, str], limit: float
) -> Outcome:
    """Run the probe in `directory` and return how it ended; its whole process group is gone then.

    It also ends if we are killed: it watches its standard input, which we hold open.
    """
    scratch = Path(request["scratch"])
    file = scratch / "request.json"
    file.write_text(json.dumps(request), encoding="utf-8")
    log = scratch / "output.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [python, "-B", PROBE, file],
            cwd=directory,
            env=environment(python, scratch, variables),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        timed_out = not _ended(process, limit)
    finally:
        end(process)
    return Outcome(_result(scratch), timed_out, process.returncode, _tail(log), _tail(scratch / "stacks.txt", 200))


def environment(python: Path, scratch: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a process of the project gets: none of ours that could be a secret."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **kept,
        "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
        **lent(),
        **variables,
    }


def _ended(process: subprocess.Popen[bytes], limit: float) -> bool:
    """Wait for the end and tell whether it came in time; where the kernel tells it, there is no delay.

    The wait is in turns: between two of them, a thread that runs us can be ended from another one.
    """
    if hasattr(os, "pidfd_open"):
        descriptor = os.pidfd_open(process.pid)
        until = time.monotonic() + limit
        try:
            while (left := until - time.monotonic()) > 0:
                if select.select([descriptor], [], [], min(left, _TURN_SECONDS))[0]:
                    break
        finally:
            os.close(descriptor)
        limit = _NOTICED_SECONDS
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        return False
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all of its group at once."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
    if process.stdin:
        process.stdin.close()


def _result(scratch: Path) -> Mapping[str, Any] | None:
    try:
        result: dict[str, Any] = json.loads((scratch / "result.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return result


def _tail(file: Path, lines: int = _LOG_LINES) -> str:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.rstrip().splitlines()[-lines:])
