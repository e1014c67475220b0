"""Writes Conduit: what the design gives, and on top of it what was written by hand. `python bend.py PLACE`.

`added/` has the files that are new, `edits.patch` the lines of generated files that were changed. Prints how many lines
are whose.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fastwright.design import read_yaml
from fastwright.scaffold.engine import render_backend

HERE = Path(__file__).resolve().parent
PATCH = HERE / "edits.patch"
ADDED = HERE / "added"


@dataclass(frozen=True)
class Shares:
    """Lines of Python: generated for its design, changed in what was generated, and added by hand."""

    generated: int
    changed: int
    added: int

    def __str__(self) -> str:
        return f"{self.generated} lines generated, {self.changed} of them changed, {self.added} added"


def bend(place: Path) -> Shares:
    """Write the project into `place`, and return whose its lines are."""
    generated = 0
    for path, text in render_backend(read_yaml(HERE / "conduit.yaml")).items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        generated += text.count("\n") if path.suffix == ".py" else 0
    shutil.copytree(ADDED, place, dirs_exist_ok=True)
    # Within a repository git would take the paths of the patch for its own: it shall not look for one.
    variables = {**os.environ, "GIT_CEILING_DIRECTORIES": str(place.resolve().parent)}
    subprocess.run(["git", "apply", "--whitespace=error", PATCH], cwd=place, env=variables, check=True, timeout=30)
    edits = [line for line in PATCH.read_text(encoding="utf-8").splitlines() if not line.startswith(("---", "+++"))]
    lost = sum(line.startswith("-") for line in edits)
    new = sum(line.startswith("+") for line in edits)
    files = sum(path.read_text(encoding="utf-8").count("\n") for path in ADDED.rglob("*.py"))
    return Shares(generated=generated, changed=lost, added=files + new - lost)


if __name__ == "__main__":
    print(bend(Path(sys.argv[1])))
