"""Run the driver on a copy of a tree, in the project's own interpreter, behind the fences."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastwright.errors import InputError
from fastwright.measure.measured import Measurement
from fastwright.measure.postgres import Server
from fastwright.project.child import UNCOMPILED, guest
from fastwright.project.copying import copy_project
from fastwright.project.locate import Entry
from fastwright.proof.guard import Guard
from fastwright.proof.model import StepFailed
from fastwright.proof.sandbox import Sandbox

_HINT = "see whether fastwright map works"


class NotMeasured(InputError):
    """The app could not be driven at all."""


@dataclass(frozen=True)
class Wish:
    """What is to be measured: at which sizes, and with which methods."""

    sizes: tuple[int, ...] = (3, 30)
    methods: tuple[str, ...] = ("GET",)
    # What is recent is so in all runs of one comparison.
    today: str = field(default_factory=lambda: dt.date.today().isoformat() + "T00:00:00")  # noqa: DTZ011 - the app's own day


@dataclass(frozen=True)
class Laboratory:
    """Where and how the app is run; every run gets a directory of its own below `directory`."""

    directory: Path
    python: Path
    entry: Entry
    variables: Mapping[str, str]
    guard: Guard
    server: Server | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    startup_seconds: float = 15.0
    each_seconds: float = 10.0
    asking_seconds: float = 120.0
    importing_seconds: float = 120.0

    def measure(self, tree: Path, wish: Wish) -> Measurement:
        """Measure the app of a tree. Raises `NotMeasured` if it cannot be imported, or does not end."""
        result = self._run(tree, wish, "")
        for size, one in result["sizes"].items():
            if one.get("failure"):
                raise NotMeasured(f"at size {size}: {one['failure']}", hint="try other sizes: --sizes 3,10")
        return Measurement.model_validate(result)

    def migrate(self, tree: Path, alembic: str) -> str:
        """Run the migrations of a tree up, down and up on our PostgreSQL; return what went wrong, or nothing.

        `alembic` is the path of `alembic.ini` in the tree. Raises `NotMeasured` if they do not end.
        """
        result = self._run(tree, Wish(sizes=()), alembic)
        return f"{result['stage']}: {result['said'].strip()}" if result else ""

    def _run(self, tree: Path, wish: Wish, alembic: str) -> dict[str, Any]:
        place = Path(tempfile.mkdtemp(prefix="measure-", dir=self.directory))
        copy, scratch = place / "project", place / "scratch"
        scratch.mkdir()
        copy_project(tree, copy)
        base = copy / self.entry.base
        paths = [str(path) for path in dict.fromkeys((copy, base, copy / "src")) if path.is_dir()]
        request = {**self._request(copy, scratch, paths, wish), "alembic": alembic}
        file = scratch / "request.json"
        file.write_text(json.dumps(request), encoding="utf-8")
        # Asking ends by itself when its time is up; what comes around it may take as long once more.
        limit = self.importing_seconds + 2 * self.startup_seconds + 2 * self.asking_seconds
        started = (copy / alembic).parent if alembic else base
        box = Sandbox(started, scratch, time.monotonic() + limit, self.guard, self.cancelled)
        variables = {**UNCOMPILED, "PYTHONHASHSEED": "0", **self.variables}
        try:
            printed = box.run(guest(self.python, "fastwright.measure.driver.session", file), **variables)
        except StepFailed as error:
            lines = str(error).splitlines()
            last = f" (it printed last: {lines[-1].strip()})" if len(lines) > 1 else ""
            raise NotMeasured(f"the app could not be driven: {lines[0]}{last}", hint=_HINT) from error
        return _read(Path(request["result"]), printed)

    def _request(self, copy: Path, scratch: Path, paths: Sequence[str], wish: Wish) -> dict[str, Any]:
        return {
            "scratch": str(scratch),
            "root": str(copy),
            "entry": {"module": self.entry.module, "attribute": self.entry.attribute, "paths": paths},
            "sizes": wish.sizes,
            "methods": wish.methods,
            "today": wish.today,
            "each_seconds": self.each_seconds,
            "startup_seconds": self.startup_seconds,
            "asking_seconds": self.asking_seconds,
            "result": str(scratch / "result.json"),
            "server": self._databases(wish),
        }

    def _databases(self, wish: Wish) -> dict[str, str] | None:
        if self.server is None:
            return None
        return {"socket": self.server.socket, "name": self.server.databases(wish.sizes)}


def _read(file: Path, printed: str) -> dict[str, Any]:
    if not file.exists():
        last = printed.strip().splitlines()[-1:] or ["it printed nothing"]
        raise NotMeasured(f"the app ended its process: {last[0]}", hint=_HINT)
    result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if "failure" in result:
        raise NotMeasured(str(result["failure"]["message"]), hint=_HINT)
    return result
