"""Land a proven project: everything is on the disk first, and then one rename makes it real.

A kill at any moment leaves no target, or a complete one.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from fastwright.errors import InputError
from fastwright.proof.staging import Stage, check_target, disk_errors


def land(stage: Stage) -> None:
    """Make the staged project the target. Raises `InputError`, and lands nothing, if the place was taken meanwhile."""
    check_target(stage.target)
    with disk_errors(stage.target):
        _flush_tree(stage.project)
        _rename(stage.project, stage.target)
        _flush(stage.target.parent)


def _rename(project: Path, target: Path) -> None:
    try:
        project.rename(target)  # takes the place of an empty directory, and of nothing else
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
            hint = "nothing was written; choose another name or --directory"
            raise InputError(f"{target} was taken while the proof was running", hint=hint) from error
        raise


def _flush_tree(directory: Path) -> None:
    for folder, _folders, files in os.walk(directory):
        for name in files:
            _flush(Path(folder) / name)
        _flush(Path(folder))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
