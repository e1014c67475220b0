"""Processes that have a stated share of a processor each, as containers with a limit have (`man 7 cgroups`)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

PERIOD = 10_000  # microseconds; short, so that a process that has used its share does not pause for long
CGROUPS = Path("/sys/fs/cgroup")


class NoQuota(RuntimeError):
    """Shares cannot be given on this machine: no control groups, or no right to make them."""


@contextlib.contextmanager
def held_to(share: float, pids: Iterable[int]) -> Generator[None]:
    """Let each of these processes have `share` of a processor. Raises `NoQuota` where that is not possible."""
    groups = _Groups.here()
    with contextlib.ExitStack() as made:
        for pid in pids:
            made.enter_context(groups.one(pid, round(share * PERIOD)))
        yield


@dataclass(frozen=True)
class _Groups:
    """Where groups are made: `limits` are the files in which version 1 or 2 is told a limit, and how."""

    parent: Path
    limits: tuple[tuple[str, str], ...]

    @classmethod
    def here(cls) -> _Groups:
        """Return where this process may make groups, next to or below its own."""
        try:
            lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()]
        except OSError as error:
            raise NoQuota(str(error)) from error
        for _, controllers, path in lines:
            if "cpu" in controllers.split(","):
                limits = (("cpu.cfs_period_us", f"{PERIOD}"), ("cpu.cfs_quota_us", "{quota}"))
                return cls(CGROUPS / "cpu" / path.lstrip("/"), limits)
        own = CGROUPS / lines[-1][2].lstrip("/")
        # A group with processes of its own lets none below it have limits, unless it is the root.
        return cls(own if own == CGROUPS else own.parent, (("cpu.max", f"{{quota}} {PERIOD}"),))

    @contextlib.contextmanager
    def one(self, pid: int, quota: int) -> Generator[None]:
        group = self.parent / f"bench-{os.getpid()}-{pid}"
        try:
            group.mkdir()
        except OSError as error:
            raise NoQuota(str(error)) from error
        try:
            for name, value in self.limits:
                _write(group / name, value.format(quota=quota))
            _write(group / "cgroup.procs", str(pid))
            yield
        finally:
            with contextlib.suppress(NoQuota):
                _write(self.parent / "cgroup.procs", str(pid))
            with contextlib.suppress(OSError):
                group.rmdir()


def _write(file: Path, value: str) -> None:
    try:
        with file.open("r+", encoding="ascii") as opened:  # such files are there, or there is no such limit
            opened.write(value)
    except OSError as error:
        raise NoQuota(f"{file}: {error}") from error
