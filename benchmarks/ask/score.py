"""Score plans against the plans that were meant.

    python -m benchmarks.ask.score requests.jsonl projects.json [--show wrong|all]

A path-scoped step counts by the set of endpoints that it covers; order counts only where one step needs another; other
arguments are compared where the expectation names them, and the role of `protect` always. A *wrong action* is a step
that changes something and that nobody asked for, or that reaches further than asked.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.project import view

Data = Mapping[str, Any]
CHANGING = frozenset({"add", "protect", "optimize", "undo", "new"})
# Each has to come after the ones that it needs.
NEEDS = {"roles": ("auth",), "protect": ("auth", "roles")}


@dataclass
class Score:
    """Counts over many cases, and the cases that went wrong."""

    cases: int = 0
    plans: int = 0
    exact: int = 0
    verbs: int = 0
    wrong: int = 0
    ambiguous: int = 0
    asked: int = 0
    outside: int = 0
    refused: int = 0
    needless: int = 0
    failures: list[tuple[str, Data, Data]] = field(default_factory=list[tuple[str, Data, Data]])

    def lines(self) -> Iterator[str]:
        """Yield the score in sentences."""
        for label, part, whole in (
            ("exact plan", self.exact, self.plans),
            ("verbs alone", self.verbs, self.plans),
            ("needless question", self.needless, self.plans),
            ("ambiguous, asked", self.asked, self.ambiguous),
            ("out of scope, refused", self.refused, self.outside),
            ("all right", self.exact + self.asked + self.refused, self.cases),
            ("wrong action", self.wrong, self.cases),
        ):
            yield f"{label:<24}{part:>5} of {whole:<5}{part / whole if whole else 1:>8.1%}"


def score(cases: Iterable[Data], answers: Mapping[str, Data], projects: Mapping[str, Data]) -> Score:
    """Return the score of `answers`, by the ids of the cases."""
    total = Score()
    for case in cases:
        _count(total, case, answers.get(case["id"], {}), projects[case["project"]])
    return total


def _count(total: Score, case: Data, answer: Data, project: Data) -> None:
    expect, plan = case["expect"], list(answer.get("plan") or [])
    total.cases += 1
    good = False
    if expect["ask"]:
        total.ambiguous += 1
        good = not plan and bool(answer.get("questions"))
        total.asked += good
    elif expect["refuse"]:
        total.outside += 1
        good = not plan and bool(answer.get("explanation") or answer.get("questions"))
        total.refused += good
    else:
        total.plans += 1
        good = same_plan(expect["plan"], plan, project)
        total.exact += good
        total.verbs += sorted(map(_kind, expect["plan"])) == sorted(map(_kind, plan))
        total.needless += not plan and bool(answer.get("questions"))
    wrong = any(_is_wrong(step, expect["plan"], project) for step in plan)
    total.wrong += wrong
    if wrong or not good:
        total.failures.append(("wrong action" if wrong else "missed", case, answer))


def same_plan(expected: Sequence[Data], plan: Sequence[Data], project: Data) -> bool:
    """Return whether a plan does what was meant, no more and no less."""
    if len(expected) != len(plan) or not _is_ordered(plan):
        return False
    left = list(plan)
    for wanted in expected:
        found = next((step for step in left if _same_step(wanted, step, project)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _same_step(wanted: Data, step: Data, project: Data) -> bool:
    if _kind(wanted) != _kind(step):
        return False
    mine, theirs = _args(wanted), _args(step)
    if wanted["verb"] == "protect" and mine.get("role") != theirs.get("role"):
        return False
    if covered(mine, project) != covered(theirs, project):
        return False
    rest = {key: value for key, value in mine.items() if key not in {"path", "methods", "except", "capability"}}
    return all(_same_value(key, value, theirs.get(key), project) for key, value in rest.items())


def _same_value(key: str, wanted: Any, given: Any, project: Data) -> bool:
    if key == "endpoint":
        return _endpoint(wanted) == _endpoint(str(given))
    if isinstance(wanted, dict) and isinstance(given, dict):
        left, right = cast("Data", wanted), cast("Data", given)
        return all(_same_value(name, value, right.get(name), project) for name, value in left.items())
    if isinstance(wanted, list) and isinstance(given, list):
        return _same_list(cast("list[Any]", wanted), list(cast("list[Any]", given)), project)
    return bool(wanted == given)


def _same_list(wanted: Sequence[Any], given: list[Any], project: Data) -> bool:
    if len(wanted) != len(given):
        return False
    for one in wanted:
        found = next((other for other in given if _same_value("", one, other, project)), None)
        if found is None:
            return False
        given.remove(found)
    return True


def covered(args: Data, project: Data) -> frozenset[tuple[str, str]]:
    """Return the endpoints that the arguments of a step reach."""
    path, methods = args.get("path"), {str(method).upper() for method in args.get("methods") or ()}
    exceptions = [str(one) for one in args.get("except") or ()]
    if path is not None and not any(_below(one["path"], str(path)) for one in project["endpoints"]):
        return frozenset({("?", str(path))})
    return frozenset(
        (one["method"], one["path"])
        for one in project["endpoints"]
        if (path is None or _below(one["path"], str(path)))
        and (not methods or one["method"] in methods)
        and not any(_below(one["path"], exception) for exception in exceptions)
    )


def _below(path: str, prefix: str) -> bool:
    parts, start = _parts(path), _parts(prefix)
    return parts[: len(start)] == start


def _parts(path: str) -> list[str]:
    return ["{}" if part.startswith("{") else part for part in path.split("/") if part]


def _endpoint(text: str) -> tuple[str, list[str]]:
    method, _, path = text.partition(" ")
    return method.upper(), _parts(path)


def _kind(step: Data) -> str:
    return str(_args(step).get("capability") or step["verb"]) if step["verb"] == "add" else str(step["verb"])


def _args(step: Data) -> Data:
    return cast("Data", step.get("args") or {})


def _is_ordered(plan: Sequence[Data]) -> bool:
    kinds = [_kind(step) for step in plan]
    return not any(needed in kinds[place + 1 :] for place, kind in enumerate(kinds) for needed in NEEDS.get(kind, ()))


def _is_wrong(step: Data, expected: Sequence[Data], project: Data) -> bool:
    if step["verb"] not in CHANGING:
        return False
    reach = covered(_args(step), project)
    asked = (wanted for wanted in expected if _kind(wanted) == _kind(step))
    return not any(reach <= covered(_args(wanted), project) for wanted in asked)


def read_cases(path: Path) -> list[Data]:
    """Return the cases of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> None:
    """Plan every request of a file, and print the score, what went wrong, and the time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=Path)
    parser.add_argument("projects", type=Path)
    parser.add_argument("--show", action="store_true", help="also list the cases that went wrong")
    options = parser.parse_args()
    projects = json.loads(options.projects.read_text(encoding="utf-8"))
    cases, planner = read_cases(options.cases), OfflinePlanner()
    answers: dict[str, Data] = {}
    started = time.perf_counter()
    for case in cases:
        answers[case["id"]] = planner.plan(case["text"], view(projects[case["project"]])).as_data()
    seconds = time.perf_counter() - started
    total = score(cases, answers, projects)
    lines = list(total.lines())
    if options.show:
        for kind, case, answer in total.failures:
            lines += ["", f"{case['id']} {kind}: [{case['project']}] {case['text']}"]
            lines += [f"  meant {json.dumps(case['expect']['plan'])} ask={case['expect']['ask']}"]
            lines += [f"  given {json.dumps(answer.get('plan'))}", f"  says  {answer.get('explanation', '')}"]
    lines += ["", f"{seconds / len(cases) * 1000:.2f} ms a request"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
