"""What a request may change, and how the next one finds it unchanged: databases are copied, and put back."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from fastwright.project.probe import tables
from fastwright.project.probe.engines import Engines
from fastwright.project.probe.fences import Fences
from fastwright.project.probe.foreign import foreign

_LARGE = 50_000_000


class Scratch(Engines):
    """The engines of the app are led to a database that moves: every process has a copy of its own."""

    def __init__(self, directory: Path, fences: Fences) -> None:
        super().__init__(directory, fences)
        self._opened: set[str] = set()
        self._contents: dict[str, bytes] = {}

    def redirect(self) -> None:
        sys.addaudithook(self._hear)
        super().redirect()

    def prepare(self) -> None:
        """Create the tables, once the app is imported, and remember what is in the files that it opened by itself."""
        if self.tables:
            tables.describe(self.mappers, self.tables)
            tables.create(self.tables, str(self.database))
        self._dispose()
        for path in self._opened:
            with contextlib.suppress(OSError):
                if Path(path).stat().st_size < _LARGE:
                    self._contents[path] = Path(path).read_bytes()

    def move(self) -> None:
        """Let this process, which was forked, have its own copy of the database."""
        there = self._scratch / f"answer-{os.getpid()}"
        there.mkdir()
        for file in self._scratch.iterdir():
            if file.is_file() and file.name.startswith(("database.sqlite", "schema-")):
                shutil.copyfile(file, there / file.name)
        self._scratch = there

    def restore(self) -> None:
        """Put back what a request wrote to files that the app has had open since its import."""
        for path, content in self._contents.items():
            with contextlib.suppress(OSError):
                if Path(path).read_bytes() != content:
                    Path(path).write_bytes(content)
        for directory in self._scratch.glob("answer-*"):
            shutil.rmtree(directory, ignore_errors=True)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "sqlite3.connect":
            name = os.fsdecode(arguments[0])
            if name and ":memory:" not in name:
                self._opened.add(os.path.realpath(name))

    def _dispose(self) -> None:
        """Close what the import left open in the pools, so that no process inherits a connection."""
        if "sqlalchemy" not in sys.modules:
            return
        engine_class: Any = foreign("sqlalchemy.engine").Engine
        for engine in [one for one in gc.get_objects() if isinstance(one, engine_class)]:
            if engine.url.database not in (None, "", ":memory:"):
                with contextlib.suppress(Exception):
                    engine.dispose()
