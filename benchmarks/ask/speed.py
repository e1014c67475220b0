"""How long it takes from words to a plan, in a process that runs and from a cold start.

python -m benchmarks.ask.speed requests.jsonl projects.json
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ask.score import read_cases
from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.project import view

RUNS = 7


def main() -> None:
    """Print the times; those of whole processes are the least of several runs, since machines are busy."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=Path)
    parser.add_argument("projects", type=Path)
    options = parser.parse_args()
    projects = {name: view(data) for name, data in json.loads(options.projects.read_text(encoding="utf-8")).items()}
    cases = read_cases(options.cases)
    planner = OfflinePlanner()
    started = time.process_time()
    planner.plan("tell me something funny", projects[cases[0]["project"]])
    first = time.process_time() - started
    times: list[float] = []
    for case in cases:
        started = time.process_time()
        planner.plan(case["text"], projects[case["project"]])
        times.append(time.process_time() - started)
    lines = [
        f"first plan, data read    {first * 1000:7.1f} ms",
        f"median plan              {statistics.median(times) * 1000:7.1f} ms",
        f"slowest plan             {max(times) * 1000:7.1f} ms",
        f"fastwright --help        {_least(['--help']):7.0f} ms",
        f"fastwright ask --help    {_least(['ask', '--help']):7.0f} ms",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _least(arguments: Sequence[str]) -> float:
    return min(_run(arguments) for _ in range(RUNS))


def _run(arguments: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "fastwright", *arguments], check=True, capture_output=True, timeout=60)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
