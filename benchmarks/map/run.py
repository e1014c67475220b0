"""Time `map` and `check` against the import of the same app, and a proof: `python -m benchmarks.map.run PYTHON`.

Everything runs in turns, so that a busy machine is busy for all of them; ratios of medians are printed. Modules are
compiled once, those of the app as well as ours, as they are for whoever does not forbid it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.map.written_app import write_app

ENDPOINTS = 200
ROUNDS = 5
# What FastAPI needs to describe itself, which it puts off until it is asked.
DESCRIBED = "import app.main; app.main.app.openapi()"


def main() -> None:
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    with tempfile.TemporaryDirectory() as place:
        root = write_app(Path(place) / "project", ENDPOINTS)
        cold = Path(place) / "cold"
        runs: dict[str, Callable[[], float]] = {
            "import": lambda: timed([python, "-c", "import app.main"], root, cold),
            "import, and openapi()": lambda: timed([python, "-c", DESCRIBED], root, cold),
            "map, for the first time": lambda: timed(fastwright("map", python), root, cold / str(time.monotonic_ns())),
            "map, unchanged": lambda: timed(fastwright("map", python), root, Path(place) / "warm"),
            "map --static": lambda: timed([*fastwright("map", python), "--static"], root, cold),
            "check, for the first time": lambda: timed(
                fastwright("check", python), root, cold / str(time.monotonic_ns()), 1
            ),
            "check, unchanged": lambda: timed(fastwright("check", python), root, Path(place) / "warm", 1),
        }
        for name in ("import", "map, unchanged", "check, unchanged"):
            runs[name]()
        found = {name: [run() for run in runs.values()] for name in range(ROUNDS)}
        columns = dict(zip(runs, zip(*found.values(), strict=True), strict=True))
        base = statistics.median(columns["import"])
        print(f"{ENDPOINTS} endpoints, median of {ROUNDS} rounds; 1.00 is the import of the app\n")
        for name, times in columns.items():
            print(f"  {name:<26}{statistics.median(times) / base:6.2f}   {statistics.median(times):5.2f} s")
        print(f"  {'a proof, without tests':<26}{proof(root, python) / base:6.2f}")


def fastwright(verb: str, python: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "fastwright", verb, *more, "--python", python, "--json"]


def timed(command: list[str], root: Path, cache: Path, code: int = 0) -> float:
    """Return the seconds that a command takes, which is to end with `code`."""
    started = time.perf_counter()
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != code:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    return seconds


def proof(root: Path, python: str) -> float:
    """Return the seconds that the steps of `protect` take together."""
    command = [*fastwright("protect", python, "/api/thing0s"), "--dry-run"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["proof"]["seconds"])


if __name__ == "__main__":
    main()
