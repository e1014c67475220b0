"""Run the real command line with a backend so small that it is written and proven in a moment.

The steps are real child processes. The environment says how they go: `FAKE_SECONDS` is how long each takes, and
`FAKE_FAILS` which one fails; `FAKE_BREAKS` is a fault of ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from fastwright.cli import main
from fastwright.design.model import Design
from fastwright.proof.model import Step
from fastwright.proof.sandbox import Sandbox
from fastwright.verbs.new import Workshop

NAMES = ("environment", "contract", "tests", "lint")
FILES = {PurePosixPath(f"app/part_{number:02}/models.py"): f"NUMBER = {number}\n" * 50 for number in range(40)}


def render(design: Design) -> Mapping[PurePosixPath, str]:
    if os.environ.get("FAKE_BREAKS"):
        raise RuntimeError("a fault of ours")
    return {PurePosixPath("README.md"): f"# {design.name}\n", PurePosixPath("run"): "#!/bin/sh\n", **FILES}


def steps(_project: Path) -> tuple[Step, ...]:
    return tuple(_step(name) for name in NAMES)


def _step(name: str) -> Step:
    fails = os.environ.get("FAKE_FAILS") == name
    code = f"import time; time.sleep({os.environ.get('FAKE_SECONDS', '0')}); print('what {name} found')"

    def action(box: Sandbox) -> str:
        return box.run([sys.executable, "-I", "-S", "-c", f"{code}; raise SystemExit({3 * fails})"]).strip()

    needs = ("environment",) if name != "environment" else ()
    return Step(name, name.capitalize(), action, f"make {name}", needs, timeout=20, preparing=not needs)


if __name__ == "__main__":
    main(Workshop(render=render, steps=steps))
