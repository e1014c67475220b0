"""From what the probe saw to places in the source of the project."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fastwright.project.model import Place
from fastwright.project.source import Source

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Places:
    """Maps paths of the copy that was imported back to the project."""

    source: Source
    copy: Path
    _known: dict[tuple[object, ...], Place] = field(default_factory=dict[tuple[object, ...], Place], compare=False)

    def relative(self, file: str | None) -> str | None:
        """Return a path from the root of the project, or nothing if the file is not the project's own."""
        if not file:
            return None
        for root in (self.copy, self.source.root):
            path = _relative(file, str(root))
            if path is not None:
                return path if path in self.source.files else None
        return None

    def shown(self, text: str) -> str:
        """Return a text with the paths of the copy as they are in the project."""
        return text.replace(f"{self.copy}{os.sep}", "").replace(str(self.copy), ".")

    def of(self, raw: Raw, name: str | None = None) -> Place:
        """Return the place of a callable or a class."""
        key = (name, raw.get("qualname"), raw.get("file"), raw.get("line"))
        if key not in self._known:
            qualname = str(raw.get("qualname") or "")
            file = self.relative(raw.get("file"))
            line = self.source.line(file, qualname, raw.get("line")) if file else None
            self._known[key] = Place(name=name or _short(qualname), file=file, line=line)
        return self._known[key]

    def made(self, variables: Sequence[Raw]) -> Place | None:
        """Return where the variable that holds an object is set: of all that hold it, the one that is not imported."""
        for raw in variables:
            file = self.relative(raw.get("file"))
            name = str(raw.get("qualname"))
            if file and name in self.source.files[file].assignments:
                return Place(name=name, file=file, line=self.source.files[file].assignments[name])
        return None


@cache
def _relative(file: str, root: str) -> str | None:
    path = os.path.relpath(os.path.realpath(file), os.path.realpath(root))
    return None if path.startswith("..") else path.replace(os.sep, "/")


def _short(qualname: str) -> str:
    """Return the name that is used: `require_role` for `require_role.<locals>.check`, `Checker` for its `__call__`."""
    name = qualname.partition(".<locals>")[0]
    return name.removesuffix(".__call__").removesuffix(".__init__")
