"""Let the app import what it has been lent (`project/lent.py`), where it has no such package of its own."""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any


class _Lender:
    """Finds what nobody else has; a folder without modules of the same name, as `alembic` often is, is none."""

    def __init__(self, places: list[str]) -> None:
        self._places = {os.path.basename(place): place for place in places}  # noqa: PTH119 - starts with the probe

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        _unused = target
        place = self._places.get(name) if path is None else None
        if place is None or _is_there(name):
            return None
        file = os.path.join(place, "__init__.py")  # noqa: PTH118
        return importlib.util.spec_from_file_location(name, file, submodule_search_locations=[place])


def lend() -> None:
    places = [place for place in os.environ.get("FASTWRIGHT_LENT", "").split(os.pathsep) if place]
    if places and not any(isinstance(finder, _Lender) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Lender(places))


def _is_there(name: str) -> bool:
    found = PathFinder.find_spec(name)
    return found is not None and found.origin is not None
