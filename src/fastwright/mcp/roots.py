"""Where a client may work: nothing that it names may lie outside of these directories."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import BaseModel

from fastwright.errors import InputError


@dataclass(frozen=True)
class Roots:
    """The directories that the person who started the server gave it; what is relative starts at the first.

    The names come from a model, and what a model reads may tell it which to use (CWE-22, CWE-61): links are followed
    before they are compared. The interpreter is a program that is run, so no client can name one: it is `python`, or
    the one that is found in the project.
    """

    directories: tuple[Path, ...]
    python: Path | None = None

    def admit(self, request: BaseModel) -> BaseModel:
        """Return the request with every path in full. Raises `InputError` for one that is outside."""
        values = {name: getattr(request, name) for name in type(request).model_fields}
        admitted = {name: self._admitted(value) for name, value in values.items()}
        if "python" in admitted:
            admitted["python"] = self.python
        return request.model_copy(update=admitted)

    def inside(self, path: Path) -> Path:
        """Return the place that `path` leads to. Raises `InputError` if it is outside."""
        place = Path(os.path.realpath(self.directories[0] / path))
        if not any(place.is_relative_to(root) for root in self.directories):
            named = ", ".join(str(root) for root in self.directories)
            raise InputError(
                f"{path} is outside of what this server may work in: {named}",
                hint="start it there, or name the directory: fastwright mcp --root DIR",
            )
        return place

    def _admitted(self, value: object) -> object:
        if isinstance(value, tuple):
            return tuple(self._admitted(one) for one in cast("tuple[object, ...]", value))
        return self.inside(value) if isinstance(value, Path) else value


def roots(directories: tuple[Path, ...], python: Path | None = None) -> Roots:
    """Return the roots, links followed; without any, the working directory. Raises `InputError` for one not there."""
    places = tuple(Path(os.path.realpath(directory)) for directory in directories or (Path(),))
    for place in places:
        if not place.is_dir():
            raise InputError(f"{place} is not a directory", hint="name one that exists: --root DIR")
    return Roots(places, None if python is None else python.absolute())
