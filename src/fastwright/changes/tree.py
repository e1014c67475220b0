"""The files of a project while a change is being planned: what is on the disk, and over it what is to be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fastwright.changes.outcome import Refused, Unfit

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document


@dataclass
class Tree:
    """Nothing is written before `write`; a document takes all edits of its file, and is rendered once."""

    root: Path
    _pending: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _executable: set[str] = field(default_factory=set[str])
    _removed: set[str] = field(default_factory=set[str])
    _documents: dict[str, Document] = field(default_factory=dict[str, "Document"])

    def read(self, path: str) -> bytes | None:
        """Return what the file will hold, as far as that is planned, or nothing if there is none."""
        if path in self._pending:
            return self._pending[path]
        if path in self._removed:
            return None
        target = self._target(path)
        if target.is_dir():
            raise Unfit(path, 0, "is a directory")
        return target.read_bytes() if target.exists() else None

    def is_executable(self, path: str) -> bool:
        target = self.root / path
        return path in self._executable or (target.exists() and bool(target.stat().st_mode & 0o100))

    def has(self, path: str) -> bool:
        """Return whether there is a file or a directory at a path."""
        return path in self._pending or (path not in self._removed and (self.root / path).exists())

    def below(self, directory: str) -> list[str]:
        """Return the files below a directory, those that are planned too, in order."""
        there = [
            path.relative_to(self.root).as_posix() for path in (self.root / directory).rglob("*") if path.is_file()
        ]
        planned = [path for path in self._pending if path.startswith(f"{directory}/")]
        return sorted({*there, *planned} - self._removed)

    def put(self, path: str, content: bytes, *, executable: bool = False) -> None:
        """Plan to write a file."""
        self._target(path)
        self._pending[path] = content
        self._removed.discard(path)
        if executable:
            self._executable.add(path)

    def remove(self, path: str) -> None:
        """Plan to remove a file; a directory that is empty then goes with it."""
        self._target(path)
        self._pending.pop(path, None)
        self._removed.add(path)

    def document(self, path: str) -> Document:
        """Return the one document of a Python file. Raises `Unfit` if it cannot be read as such."""
        if path not in self._documents:
            # Parsing takes a library that is slow to import, and a change that only adds files never needs it.
            from fastwright.changes.editing.document import Document  # noqa: PLC0415

            raw = self.read(path)
            if raw is None:
                raise Unfit(path, 0, "there is no such file")
            self._documents[path] = Document.read(path, raw, self)
        return self._documents[path]

    def settle(self) -> dict[str, Refused]:
        """Render every document that was edited; return the reason for each that cannot be."""
        broken: dict[str, Refused] = {}
        for path, document in self._documents.items():
            try:
                if document.is_edited:
                    self.put(path, document.render())
            except Unfit as unfit:
                broken[path] = unfit.refused
        return broken

    def write(self) -> None:
        """Write what is planned. A file that is there keeps its mode."""
        for path, content in self._pending.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            if path in self._executable:
                target.chmod(target.stat().st_mode | 0o111)
        for path in self._removed:
            target = self.root / path
            target.unlink(missing_ok=True)
            for directory in target.parents:
                if directory == self.root or any(directory.iterdir()):
                    break
                directory.rmdir()

    def _target(self, path: str) -> Path:
        target = self.root / path
        if not target.resolve().is_relative_to(self.root.resolve()):
            raise Unfit(path, 0, "leads out of the project")
        return target
