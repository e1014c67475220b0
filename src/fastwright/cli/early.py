"""Begin with what takes longest before the rest is imported: the child that will look at an app (`project/ahead.py`).

The arguments are only looked through; click reads them later, and tells what is wrong with them. A child that nobody
asks after all is ended.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from itertools import pairwise
from pathlib import Path

_LOOKING = frozenset({"map", "check"})
_NOT_RUNNING = frozenset({"--static", "--list", "--help", "-h"})


@contextlib.contextmanager
def begun(arguments: Sequence[str]) -> Generator[None]:
    """Have the child ready that a command will ask for."""
    if not _LOOKING.intersection(arguments[:1]) or _NOT_RUNNING.intersection(arguments):
        yield
        return
    from fastwright.project.ahead import started_ahead

    python, env_file = (Path(given) if (given := _given(arguments, name)) else None for name in ("python", "env-file"))
    with started_ahead(Path(_given(arguments, "project")), python, _given(arguments, "app") or None, env_file):
        yield


def _given(arguments: Sequence[str], name: str) -> str:
    """Return what an option is given, the last time that it is."""
    given = [after for one, after in pairwise(arguments) if one == f"--{name}"]
    given += [one.partition("=")[2] for one in arguments if one.startswith(f"--{name}=")]
    return given[-1] if given else ""
