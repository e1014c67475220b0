"""The copy of a project that is imported, so that what an import writes never lands in the project itself."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from fastwright.project.source import is_skipped

_LARGE = 5_000_000


def copy_project(root: Path, target: Path) -> None:
    """Copy `root` with its compiled modules, but without environments, caches and version control.

    Large files are linked: they are read through the link, and the probe refuses to write through it.
    """
    for directory, names, files in os.walk(root):
        here = Path(directory)
        there = target / here.relative_to(root)
        there.mkdir(parents=True, exist_ok=True)
        for name in list(names):
            if is_skipped(here / name):
                names.remove(name)
            elif (here / name).is_symlink():
                names.remove(name)
                (there / name).symlink_to((here / name).resolve())
        for name in files:
            _copy(here / name, there / name)


def _copy(file: Path, copy: Path) -> None:
    try:
        if not file.is_file():
            return
        if file.stat().st_size > _LARGE:
            copy.symlink_to(file.resolve())
        else:
            shutil.copy2(file, copy)
    except PermissionError:
        return  # what we may not read, the app will complain about by itself
