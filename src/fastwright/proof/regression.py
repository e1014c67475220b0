"""What worked still works: the project's own tests, before a change and after it, in the project's own interpreter.

A test that failed before is nothing that the change broke. Files outside of the copy cannot be written, and nobody can
be reached: a test that needs a server fails in both runs, and the evidence says that.
"""

from __future__ import annotations

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree as ET

from fastwright.proof.admitted import Stand
from fastwright.proof.model import StepFailed
from fastwright.proof.sandbox import Sandbox

_FENCED = Path(__file__).with_name("fenced")
_LISTED = 20
_REASON = 160


@dataclass(frozen=True)
class Ran:
    """One run of the tests: the outcome of each, and why those that failed did."""

    passed: frozenset[str]
    failed: dict[str, str]
    skipped: frozenset[str]
    problem: str = ""

    @property
    def shown(self) -> str:
        parts = [f"{len(self.passed)} passed"]
        parts += [f"{len(self.failed)} failed"] if self.failed else []
        parts += [f"{len(self.skipped)} skipped"] if self.skipped else []
        return ", ".join(parts)


def has_pytest(python: Path) -> bool:
    """Tell whether an interpreter can run tests."""
    question = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pytest') is None)"
    try:
        done = subprocess.run([python, "-I", "-c", question], timeout=20, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@dataclass(frozen=True)
class ProjectTests:
    """Runs the tests of a project before and after a change; `broken` are those that the change broke."""

    stand: Stand
    before: Path
    broken: list[str] = field(default_factory=list[str])

    def check(self, box: Sandbox) -> str:
        """Return the evidence. Raises `StepFailed` with the tests that passed before and do not now."""
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self._run, box, self.before, "before")
            now = self._run(box, box.directory, "after")
            known = first.result()
        if known.problem or now.problem:
            return _unusable(known, now)
        broken = {name: reason for name, reason in now.failed.items() if name in known.passed}
        lost = sorted(known.passed - now.passed - now.failed.keys() - now.skipped)
        self.broken.extend([*broken, *lost])
        if broken or lost:
            raise StepFailed(_told(broken, lost))
        already = f"; {len(known.failed)} failed before, too" if known.failed else ""
        return f"{now.shown}, as before{already}"

    def _run(self, box: Sandbox, root: Path, name: str) -> Ran:
        scratch = box.scratch / name
        scratch.mkdir()
        report = scratch / "tests.xml"
        inside = replace(box, directory=root, scratch=scratch)
        command = [self.stand.python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
        problem = ""
        try:
            inside.run([*command, f"--junitxml={report}"], **self._variables(root, scratch))
        except StepFailed as error:
            problem = str(error)
        if not report.is_file():
            return Ran(frozenset(), {}, frozenset(), problem or "pytest left no report")
        return _read(report, problem)

    def _variables(self, root: Path, scratch: Path) -> dict[str, str]:
        paths = [_FENCED, *self.stand.paths(root)]
        return {
            **self.stand.variables,
            "PYTHONPATH": ":".join(str(path) for path in paths),
            "PYTHONDONTWRITEBYTECODE": "1",
            "FASTWRIGHT_ALLOWED": f"{root}:{scratch}",
            "COVERAGE_FILE": str(scratch / "coverage"),
        }


def _read(report: Path, problem: str) -> Ran:
    passed: set[str] = set()
    failed: dict[str, str] = {}
    skipped: set[str] = set()
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it, at our bidding
        name = f"{case.get('file') or (case.get('classname') or '').replace('.', '/')}::{case.get('name')}"
        bad = next((part for part in case if part.tag in ("failure", "error")), None)
        if bad is not None:
            failed[name] = _reason(bad)
        elif any(part.tag == "skipped" for part in case):
            skipped.add(name)
        else:
            passed.add(name)
    nothing = not (passed or failed or skipped)
    return Ran(frozenset(passed - failed.keys()), failed, frozenset(skipped), problem if nothing else "")


def _reason(part: ET.Element) -> str:
    text = (part.get("message") or part.text or "").strip()
    return re.sub(r"\s+", " ", text)[:_REASON]


def _told(broken: dict[str, str], lost: list[str]) -> str:
    count = len(broken) + len(lost)
    lines = [f"{name}: {reason}" for name, reason in sorted(broken.items())]
    lines += [f"{name}: is not run any more" for name in lost]
    more = [f"… and {count - _LISTED} more"] if count > _LISTED else []
    tests = "1 test" if count == 1 else f"{count} tests"
    return "\n".join([*lines[:_LISTED], *more, f"broken by the change: {tests} that passed before"])


def _unusable(known: Ran, now: Ran) -> str:
    """Return what is said where the tests cannot be run at all. Only where that is new, the change is to blame."""
    if now.problem and not known.problem:
        raise StepFailed(f"the tests do not run any more\n{now.problem}")
    last = known.problem.strip().splitlines()[-1:] or ["no reason given"]
    return f"not compared: the tests cannot be run here, before the change neither ({last[0]})"
