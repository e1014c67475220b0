"""Start the command line as a person would, and look at what is on the disk afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

DOOR = Path(__file__).parent / "fake_door.py"


def start(directory: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start `fastwright ARGUMENTS` in `directory`, with the small backend of `fake_door.py`."""
    return subprocess.Popen(
        [sys.executable, str(DOOR), *arguments],
        cwd=directory,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def fastwright(directory: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `fastwright ARGUMENTS` in `directory` to its end."""
    with start(directory, *arguments, **variables) as process:
        out, err = process.communicate(timeout=150)  # an import is given a minute, on a machine that may be busy
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def one_object(text: str) -> dict[str, Any]:
    """Return the one JSON object that `text` consists of."""
    value = json.loads(text)
    assert isinstance(value, dict)
    return cast("dict[str, Any]", value)


def tree(directory: Path) -> dict[str, str]:
    """Return everything below `directory`: contents of files, targets of links, marks for directories."""
    found: dict[str, str] = {}
    for path in sorted(directory.rglob("*")):
        name = str(path.relative_to(directory))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        else:
            found[name] = "<directory>" if path.is_dir() else path.read_text(encoding="utf-8")
    return found
