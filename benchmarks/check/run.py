"""Time `check --static` on 100,000 lines, and ruff, bandit and semgrep on the same: `python -m benchmarks.check.run`.

Tools that are not installed are left out. All run in turns, so that a busy machine is busy for all of them; what is
printed are processor seconds, and their ratio to ours. Semgrep is given a file of rules by its own, `SEMGREP_RULES`.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.map.written_app import write_app

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
        "ruff": ["check", "--isolated", "--no-cache", "--select=FAST,ASYNC,S,B", "--quiet", str(root)],
        "bandit": ["--recursive", "--quiet", "--exit-zero", str(root)],
        "semgrep": ["--metrics=off", "--quiet", f"--config={os.environ.get('SEMGREP_RULES', '')}", str(root)],
    }
    for name, arguments in known.items():
        executable = beside / name if (beside / name).is_file() else shutil.which(name)
        if executable and (name != "semgrep" or os.environ.get("SEMGREP_RULES")):
            found[name] = [str(executable), *arguments]
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
