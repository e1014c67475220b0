"""Where a project is, and how to import it: what every verb that runs its code has to know."""

from __future__ import annotations

from pathlib import Path

from fastwright.design.model import Frozen


class Where(Frozen):
    """A project, and how to import it. The request of a verb is one, with what is asked for beside it."""

    project: Path = Path()
    python: Path | None = None
    app: str | None = None
    env_file: Path | None = None
