"""The two trees of a change, and how something of them is run: in the project's interpreter, on a copy each."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from fastwright.project.child import UNCOMPILED, guest
from fastwright.project.copying import copy_project
from fastwright.project.locate import Entry, find_entry
from fastwright.project.read import read_source
from fastwright.proof.guard import Guard
from fastwright.proof.model import NotDone, StepFailed
from fastwright.proof.sandbox import Sandbox

Side = Literal["before", "after"]
T = TypeVar("T")


@dataclass(frozen=True)
class Pair:
    """`before` and `after` below `root` are never run in: what runs gets a copy."""

    root: Path
    original: Path
    python: Path
    guard: Guard
    app: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    cancelled: threading.Event = field(default_factory=threading.Event)
    _entries: dict[Side, Entry] = field(default_factory=dict["Side", Entry], repr=False)

    def tree(self, side: Side) -> Path:
        return self.root / side

    def run(self, side: Side, what: str, seconds: float, **more: Any) -> dict[str, Any]:
        """Run the guest on a copy of one tree and return its result, and what was `printed` meanwhile.

        Raises `StepFailed` at the end of its time.
        """
        place = Path(tempfile.mkdtemp(prefix=f"{what}-{side}-", dir=self.root))
        copy, scratch = place / "project", place / "scratch"
        scratch.mkdir()
        copy_project(self.tree(side), copy)
        result = scratch / "result.json"
        request = {
            "what": what,
            "root": str(copy),
            "scratch": str(scratch),
            "original": str(self.original),
            "paths": self._paths(side, copy),
            "result": str(result),
            **more,
        }
        told = scratch / "request.json"
        told.write_text(json.dumps(request), encoding="utf-8")
        directory = copy / more.get("directory", ".")
        box = Sandbox(directory, scratch, time.monotonic() + seconds, self.guard, self.cancelled)
        variables = {**UNCOMPILED, **self.variables}
        try:
            printed = box.run(guest(self.python, "fastwright.proof.guest.running", told), **variables)
        except StepFailed as error:
            if side == "before":
                raise NotDone(f"before the change: {error}") from error
            raise
        if not result.exists():
            raise NotDone(f"it ended without a result: {printed.strip().splitlines()[-1:] or 'it printed nothing'}")
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return {**found, "printed": printed}

    def in_both(self, action: Callable[[Side], T]) -> tuple[T, T]:
        """Do something with both trees, side by side."""
        found: dict[Side, T] = {}
        problems: dict[Side, BaseException] = {}

        def run(side: Side) -> None:
            try:
                found[side] = action(side)
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                problems[side] = error

        # A daemon, so that nobody waits for an import that hangs once all is called off.
        other = threading.Thread(target=run, args=("before",), daemon=True)
        other.start()
        try:
            run("after")
            while other.is_alive():
                other.join(0.2)
        except BaseException:
            self.cancelled.set()
            raise
        for side in ("before", "after"):
            if side in problems:
                raise problems[side]
        return found["before"], found["after"]

    def entry(self, side: Side) -> Entry:
        """Return where the app object of one tree is."""
        if side not in self._entries:
            self._entries[side] = find_entry(read_source(self.tree(side)), self.app)[0]
        return self._entries[side]

    def _paths(self, side: Side, copy: Path) -> list[str]:
        """Return where modules of the project are imported from, ahead of what an editable install points at."""
        base = copy / self.entry(side).base
        return [str(path) for path in dict.fromkeys((copy, base, copy / "src")) if path.is_dir()]
