"""Run the probe in the interpreter of a project: a child process with a time limit, and without our secrets."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from fastwright.project.lent import lent

# The copy of a project is looked at once: what Python would compile of it is of no use.
UNCOMPILED = {"PYTHONDONTWRITEBYTECODE": "1"}
GUEST = Path(__file__).parent / "guest.py"
# What the child says when it has described the endpoints, and more is to come.
_DESCRIBED = b"d"
# What programs need to find their way; nothing that could be a secret.
_PASSED_ON = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")
_TURN_SECONDS = 0.2
_GRACE_SECONDS = 2.0
_LOG_LINES = 20


@dataclass(frozen=True)
class Outcome:
    """What became of the probe: its result if there is one, else what is known of the end."""

    result: Mapping[str, Any] | None
    timed_out: bool
    code: int | None
    log: str
    stacks: str


class Probe:
    """A child that gets ready, which takes it as long as it takes us, until it is told what to look at.

    All that it may write to is below `place`, which goes when the child does: at the end of the `with`, or when it is
    dropped before that, since the thread that starts it can be ended from another one at any time.
    """

    def __init__(self, python: Path, variables: Mapping[str, str]) -> None:
        held = contextlib.ExitStack()
        self.close = weakref.finalize(self, held.close)
        temporary = tempfile.TemporaryDirectory(prefix="fastwright-", ignore_cleanup_errors=True)
        self.place = Path(held.enter_context(temporary)).resolve()
        self._scratch = self.place / "scratch"
        self._scratch.mkdir()
        self.made_for = (python, dict(variables))
        self._word: bytes | None = _DESCRIBED  # or nothing yet, which comes to the same
        ours, theirs = socket.socketpair()
        self._line = held.enter_context(ours)  # a child whose line is closed ends itself
        with theirs, (self._scratch / "output.log").open("wb") as output:
            self._process = subprocess.Popen(
                guest(python, "fastwright.project.probe.session", self.place),
                cwd=self.place,
                env=environment(python, self._scratch, {**UNCOMPILED, **variables}),
                stdin=theirs.fileno(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        held.callback(end, self._process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process of the child, which is the group of all that it starts, too."""
        return self._process.pid

    def tell(self, request: Mapping[str, Any]) -> None:
        """Tell the child what to look at. It ends if we are killed: it watches its input, which we hold open."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has ended already; its log says why
            self._line.sendall(json.dumps(request).encode() + b"\n")

    def described(self, limit: float) -> Sequence[Mapping[str, Any]] | None:
        """Return what the source of the endpoints claims, as soon as the child knows; nothing if it ends before."""
        self._word = self._heard(limit)
        if self._word != _DESCRIBED:
            return None
        endpoints: list[dict[str, Any]] = json.loads((self._scratch / "described.json").read_bytes())
        return endpoints

    def outcome(self, limit: float) -> Outcome:
        """Return what the child has seen, or how it ended without that, or that it did neither in its time."""
        until = time.monotonic() + limit
        while self._word == _DESCRIBED:
            self._word = self._heard(until - time.monotonic())
        timed_out = self._word is None
        result = _result(self._scratch)
        if result is None and not timed_out:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_SECONDS)
        log, stacks = _tail(self._scratch / "output.log"), _tail(self._scratch / "stacks.txt", 200)
        return Outcome(result, timed_out, self._process.returncode, log, stacks)

    def _heard(self, limit: float) -> bytes | None:
        """Wait until the child says something, or ends, and return what it says: nothing if it did neither in time.

        The wait is in turns: between two of them, a thread that runs us can be ended from another one.
        """
        until = time.monotonic() + limit
        with contextlib.ExitStack() as stack:
            watched: list[int] = [self._line.fileno()]
            if hasattr(os, "pidfd_open"):  # else an end is noticed a turn later
                watched.append(os.pidfd_open(self._process.pid))
                stack.callback(os.close, watched[-1])
            while (left := until - time.monotonic()) > 0:
                if select.select(watched, [], [], min(left, _TURN_SECONDS))[0] or self._process.poll() is not None:
                    return self._said()
        return None

    def _said(self) -> bytes:
        with contextlib.suppress(ConnectionResetError):
            return self._line.recv(1) if select.select([self._line], [], [], 0)[0] else b""
        return b""


def guest(python: Path, module: str, argument: Path) -> list[Path | str]:
    """Return the command that runs `main(argument)` of a module of ours in the interpreter of a project."""
    return [python, "-B", GUEST, module, argument]


def environment(program: Path, scratch: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a process of the project gets: none of ours that could be a secret."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    path = os.environ.get("PATH", os.defpath)
    return {
        **kept,
        "PATH": f"{program.parent}{os.pathsep}{path}" if program.is_absolute() else path,
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
        **lent(),
        **variables,
    }


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all of its group at once."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
    if process.stdin:
        process.stdin.close()


def _result(scratch: Path) -> Mapping[str, Any] | None:
    """Return what was seen: what a request got beside what the source of its endpoint claims."""
    try:
        result: dict[str, Any] = json.loads((scratch / "result.json").read_bytes())
        if "failure" in result:
            return result
        endpoints: list[dict[str, Any]] = json.loads((scratch / "described.json").read_bytes())
        operations: dict[str, Any] = json.loads((scratch / "operations.json").read_bytes())
    except FileNotFoundError:
        return None
    for endpoint, answer in zip(endpoints, result.pop("answers"), strict=True):
        endpoint["answer"] = answer
    return {**result, "endpoints": endpoints, "operations": operations}


def _tail(file: Path, lines: int = _LOG_LINES) -> str:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.rstrip().splitlines()[-lines:])
