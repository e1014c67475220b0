"""A contender's server as processes: started, watched through /proc, and ended."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import psutil

PATIENCE = 60.0
PROCESSORS = os.sched_getaffinity(0)  # before the clients keep to one of them


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True)
class Contender:
    """Who takes part: `application` is what uvicorn serves in `directory`."""

    name: str
    application: str
    directory: Path
    python: Path
    variables: dict[str, str]
    options: tuple[str, ...] = ("--no-access-log",)


@dataclass(frozen=True, eq=False)
class Server:
    """A contender that answers on `port`."""

    contender: Contender
    port: int
    pid: int

    def processes(self) -> list[psutil.Process]:
        """Return what serves: with several workers, their parent only looks after them."""
        parent = psutil.Process(self.pid)
        return [each for each in parent.children() if "resource_tracker" not in " ".join(each.cmdline())] or [parent]

    def cpu_seconds(self) -> float:
        """Return the processor time that was used so far, in user and in system mode."""
        times = [each.cpu_times() for each in self.processes()]
        return sum(each.user + each.system for each in times)

    def megabytes(self) -> float:
        """Return the resident memory of one process."""
        sizes = [each.memory_info().rss for each in self.processes()]
        return sum(sizes) / len(sizes) / 1e6


@contextlib.contextmanager
def serving(contender: Contender, *, workers: int, log: Path, processor: int | None) -> Generator[Server]:
    """Start a contender, wait until it answers, and end it. It has to do with `processor`, or has all of them."""
    port = free_port()
    command = [str(contender.python), "-m", "uvicorn", "--port", str(port), *contender.options, contender.application]
    if workers > 1:
        command += ["--workers", str(workers)]
    variables = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", **contender.variables}
    with log.open("ab") as output:
        running = subprocess.Popen(
            command,
            cwd=contender.directory,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        os.sched_setaffinity(running.pid, PROCESSORS if processor is None else {processor})
        _wait(running, port, log)
        yield Server(contender, port, running.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _wait(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if running.poll() is not None:
            break
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError):
            connection.request("GET", "/api/v1/items")
            connection.getresponse().read()
            return
        time.sleep(0.1)
    raise RuntimeError(f"it does not start:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")
