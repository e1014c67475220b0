"""The project's own tests on both trees: which ones passed before, and do not now."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from fastwright.project.model import Frozen
from fastwright.project.source import parsed
from fastwright.proof.model import NotDone, StepFailed
from fastwright.proof.pair import Pair

_SHOWN = 20
_USAGE_ERRORS = (2, 3, 4)


class Suites(Frozen):
    """What became of the tests. `failing` passed before; `missing` ran before; `new_failing` was not there before.

    `unable` are new ones that end as tests did before already, for what is not here, such as a database.
    """

    before: dict[str, int]
    after: dict[str, int]
    failing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    new_failing: tuple[str, ...] = ()
    unable: tuple[str, ...] = ()
    still_failing: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    renamed: dict[str, str] = Field(default_factory=dict)
    flaky: tuple[str, ...] = ()
    texts: dict[str, str] = Field(default_factory=dict)

    @property
    def harmful(self) -> bool:
        return bool(self.failing or self.missing or self.skipped or self.new_failing)


def run_suites(pair: Pair, seconds: float, gone: frozenset[str] = frozenset()) -> Suites:
    """Run the tests of both trees; those in `gone` need not be there after the change.

    Raises `NotDone` if that says nothing, and `StepFailed` if they do not end.
    """
    before, after = pair.in_both(lambda side: pair.run(side, "tests", seconds, tests=[]))
    for side, result in (("before", before), ("after", after)):
        _check(side, result)
    if not before["outcomes"] and not after["outcomes"]:
        raise NotDone("the project has no tests")
    renamed = _renamed(pair, before["outcomes"], after["outcomes"])
    found = _compare(before["outcomes"], after["outcomes"], renamed, after["texts"])
    missing = tuple(name for name in found.missing if name.partition("[")[0] not in gone)
    found = found.model_copy(update={"missing": missing})
    return _again(pair, seconds, found) if found.failing else found


def _check(side: str, result: Mapping[str, Any]) -> None:
    if result.get("missing"):
        raise NotDone(f"{result['missing']} is not installed in the project's environment")
    if result.get("problem"):
        raise NotDone(f"{side}, the tests could not be run: {result['problem']}")
    if result["strays"]:
        raise NotDone(f"{side}, the tests import {result['strays'][0]} from the checkout, and not from the copy")
    if side == "before" and result["code"] in _USAGE_ERRORS and not result["outcomes"]:
        raise NotDone(f"before the change, pytest did not run (exit {result['code']}){_complaint(result)}")
    if side == "after" and result["code"] in _USAGE_ERRORS and not result["outcomes"]:
        raise StepFailed(f"pytest does not run any more (exit {result['code']}){_complaint(result)}")


def _complaint(result: Mapping[str, Any]) -> str:
    """Return why pytest did not run, in its own words."""
    lines = [line.strip() for line in str(result.get("printed", "")).splitlines()]
    found = [line for line in lines if re.match(r"E  |ERROR|error|[\w./()-]+: error: |\w+Error: ", line)]
    return f": {found[-1].removeprefix('E  ').strip()[:200]}" if found else ""


def _compare(
    old: Mapping[str, str], new: Mapping[str, str], renamed: Mapping[str, str], texts: Mapping[str, str]
) -> Suites:
    now = {name: new.get(renamed.get(name, name), "missing") for name in old}
    failing = _named(now, lambda name: old[name] == "passed" and now[name] == "failed")
    still_failing = _named(now, lambda name: old[name] == now[name] == "failed")
    new_failing = [name for name, how in new.items() if how == "failed" and name not in {*old, *renamed.values()}]
    known = {_reason(texts.get(renamed.get(name, name), "")) for name in still_failing} - {""}
    unable = [name for name in new_failing if _reason(texts.get(name, "")) in known]
    new_failing = [name for name in new_failing if name not in unable]
    return Suites(
        before=_counts(old.values()),
        after=_counts(new.values()),
        failing=failing,
        missing=_named(now, lambda name: old[name] != "skipped" and now[name] == "missing" and "::" in name),
        skipped=_named(now, lambda name: old[name] == "passed" and now[name] == "skipped"),
        new_failing=tuple(sorted(new_failing)),
        unable=tuple(sorted(unable)),
        still_failing=still_failing,
        repaired=_named(now, lambda name: old[name] == "failed" and now[name] == "passed"),
        renamed=dict(renamed),
        texts={name: texts[name] for name in (*failing, *new_failing) if name in texts},
    )


def _reason(text: str) -> str:
    """Return the exception that ended a test, if it was none of its own assertions."""
    lines = [line[1:].strip() for line in text.splitlines() if line.startswith("E  ")]
    exceptions = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Refused|Timeout)\b", line)]
    return exceptions[-1] if exceptions and not exceptions[-1].startswith("AssertionError") else ""


def _named(names: Iterable[str], holds: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if holds(name)))


def _counts(outcomes: Iterable[str]) -> dict[str, int]:
    counted = {"passed": 0, "failed": 0, "skipped": 0}
    for outcome in outcomes:
        counted[outcome] = counted.get(outcome, 0) + 1
    return counted


def _again(pair: Pair, seconds: float, found: Suites) -> Suites:
    """Run what fails now once more, by itself on both trees, so that a test with moods is not held against a change."""
    names = list(found.failing)
    again = Pair(pair.root / "again", pair.original, pair.python, pair.guard, pair.app, pair.variables, pair.cancelled)
    for side in ("before", "after"):
        again.root.mkdir(exist_ok=True)
        again.tree(side).symlink_to(pair.tree(side))
    result = again.run("after", "tests", seconds, tests=[found.renamed.get(name, name) for name in names])
    outcomes: Mapping[str, str] = result.get("outcomes", {})
    flaky = [name for name in names if outcomes.get(found.renamed.get(name, name)) == "passed"]
    left = tuple(name for name in names if name not in flaky)
    return found.model_copy(update={"failing": left, "flaky": tuple(flaky)})


def _renamed(pair: Pair, old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return the tests that only have another name or place now: what they do is the same, word for word."""
    gone = [name for name in old if name not in new and "::" in name]
    come = [name for name in new if name not in old and "::" in name]
    if not gone or not come:
        return {}
    bodies = {_body(pair.tree("after"), name): name for name in come}
    found = {name: bodies.get(_body(pair.tree("before"), name), "") for name in gone}
    return {name: other for name, other in found.items() if other}


def _body(tree: Path, test: str) -> str:
    """Return the code of a test without its name, with the parameters that it was run with."""
    file, _colons, rest = test.partition("::")
    function, bracket, parameters = rest.partition("[")
    try:
        nodes = ast.walk(parsed((tree / file).read_text(encoding="utf-8")))
    except (OSError, SyntaxError, ValueError):
        return test
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function.rpartition("::")[2]:
            return ast.dump(ast.Module(node.body, [])) + ast.dump(node.args) + bracket + parameters
    return test


def told(found: Suites) -> str:
    """Return the comparison in lines, the worst first; the last one sums it up."""
    lines: list[str] = []
    for names, what in (
        (found.failing, "passed before, and fails now"),
        (found.new_failing, "is new, and fails"),
        (found.missing, "is not there any more"),
        (found.skipped, "passed before, and is skipped now"),
    ):
        lines += [f"{name} {what}" for name in names[:_SHOWN]]
        lines += [f"… and {len(names) - _SHOWN} more" for _more in names[_SHOWN : _SHOWN + 1]]
    for name in (*found.failing, *found.new_failing)[:3]:
        lines += ["", name, *found.texts.get(name, "").splitlines()[-12:]]
    return "\n".join([*lines, *([""] if lines else []), summed_up(found)])


def summed_up(found: Suites) -> str:
    """Return the comparison in one line."""
    parts = [f"{found.before['passed']} passed before, {found.after['passed']} now"]
    for names, what in (
        (found.failing, "newly failing"),
        (found.new_failing, "new and failing"),
        (found.unable, "new, and ended as those did that failed before"),
        (found.missing, "missing"),
        (found.skipped, "newly skipped"),
        (found.still_failing, "failing before and now"),
        (found.repaired, "repaired"),
        (tuple(found.renamed), "renamed"),
        (found.flaky, "failed once and passed when run again"),
    ):
        if names:
            parts.append(f"{len(names)} {what}")
    return "; ".join(parts)
