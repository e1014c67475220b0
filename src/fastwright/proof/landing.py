"""Make a proven project visible, whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from fastwright.errors import InputError
from fastwright.proof.staging import Stage, require_free

TAKEN = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR})


def land_new_project(stage: Stage) -> None:
    """Rename the staged project to its target, after everything in it has reached the disk.

    One rename within one file system: a kill at any moment leaves no target or a complete one. Raises `InputError`
    if somebody else took the place in the meantime.
    """
    _sync_tree(stage.project)
    require_free(stage.target)
    try:
        stage.project.rename(stage.target)
    except OSError as error:
        if error.errno not in TAKEN:
            raise
        hint = "another run was faster; choose another name, or remove it"
        raise InputError(f"{stage.target} was taken while the proof ran", hint=hint) from error
    _sync(stage.target.parent)


def _sync_tree(root: Path) -> None:
    for directory, _names, files in os.walk(root):
        for name in files:
            _sync(Path(directory) / name)
        _sync(Path(directory))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
