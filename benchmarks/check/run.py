"""Time `check --static` on 100,000 lines, and ruff, bandit and semgrep on the same: `python -m benchmarks.check.run`.

Then each is run on an app with fifteen defects, `planted/main.py`: how many of the marked lines does it name, and how
many others? Tools that are not found (`PEERS` is a directory to look in) are left out. All run in turns, so that a busy
machine is busy for all of them; what is printed are processor seconds, and their ratio to ours.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.map.written_app import write_app

PLANTED = Path(__file__).parent / "planted"
RULES = Path(__file__).parent / "semgrep.yaml"
LINES = 100_000
ROUNDS = 3
# Code that has nothing to do with endpoints, of which every project has the most.
PLAIN = '''"""Plain code, number {number}."""


class Thing{number}:
    """A thing."""

    def __init__(self, size: int) -> None:
        self.size = size

    def total(self, parts: list[int]) -> int:
        result = 0
        for part in parts:
            if part > self.size:
                result += part * 2
            else:
                result -= part
        return result
'''


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        root = write_app(Path(place) / "project", 200)
        lines = fill(root)
        commands = tools(root)
        caches = {"check --static": "cold", "check --static, unchanged": "warm"}
        times: dict[str, list[float]] = {name: [] for name in commands}
        seconds(commands["check --static, unchanged"], root, Path(place) / "warm")
        for number in range(ROUNDS):
            for name, command in commands.items():
                cache = Path(place) / (caches.get(name, "other") if name.endswith("unchanged") else f"cold{number}")
                times[name].append(seconds(command, root, cache))
        ours = statistics.median(times["check --static"])
        print(f"{lines} lines, median of {ROUNDS} rounds, processor seconds\n")
        for name, found in times.items():
            print(f"  {name:<28}{statistics.median(found):7.2f} s   {statistics.median(found) / ours:6.2f}")
    print(f"\nof the {len(planted())} defects in {PLANTED.name}/main.py, and lines without a defect\n")
    for name, command in tools(PLANTED).items():
        if not name.endswith("unchanged"):
            lines_told = told(command)
            print(f"  {name:<28}{len(lines_told & planted()):3} found   {len(lines_told - planted()):3} others")


def planted() -> set[int]:
    """Return the lines that are marked as defects."""
    lines = (PLANTED / "main.py").read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if "# defect " in line}


def told(command: list[str]) -> set[int]:
    """Return the lines that a tool names, from whatever JSON it prints."""
    output = subprocess.run(command, cwd=PLANTED, capture_output=True, check=False, timeout=900).stdout
    document: Any = json.loads(output or b"[]")
    found: list[dict[str, Any]] = document
    if hasattr(document, "keys"):
        found = document.get("findings", document.get("results", []))
    return {_line(one) for one in found}


def _line(one: dict[str, Any]) -> int:
    """Return the line of a finding of ours, of bandit, of ruff or of semgrep."""
    for key in ("line", "line_number"):
        if key in one:
            return int(one[key])
    place = one.get("location", {}).get("row") or one.get("start", {}).get("line")
    return int(place)


def fill(root: Path) -> int:
    """Write plain modules until there are enough lines; return how many there are."""
    written = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in root.rglob("*.py"))
    number = 0
    while written < LINES:
        text = "\n\n".join(PLAIN.format(number=f"{number}_{part}") for part in range(40))
        (root / "app" / f"plain_{number}.py").write_text(text, encoding="utf-8")
        written += text.count("\n")
        number += 1
    return written


def tools(root: Path) -> dict[str, list[str]]:
    """Return the commands of what is installed."""
    ours = [sys.executable, "-m", "fastwright", "check", "--static", "--json"]
    found = {"check --static": ours, "check --static, unchanged": ours}
    beside = Path(sys.executable).parent
    known = {
        "ruff": [
            *("check", "--isolated", "--no-cache", "--select=FAST,ASYNC,S,B"),
            *("--quiet", "--exit-zero", "--output-format=json", str(root)),
        ],
        "bandit": ["--recursive", "--quiet", "--exit-zero", "--format=json", str(root)],
        "semgrep": ["--metrics=off", "--quiet", "--json", "--no-git-ignore", f"--config={RULES}", str(root)],
    }
    for name, arguments in known.items():
        places = (Path(os.environ.get("PEERS", beside)) / name, beside / name)
        executable = next((str(one) for one in places if one.is_file()), shutil.which(name))
        if executable:
            found[name] = [executable, *arguments]
    return found


def seconds(command: list[str], root: Path, cache: Path) -> float:
    """Return the processor time of a command and of all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False, timeout=900)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
