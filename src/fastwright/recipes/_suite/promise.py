"""The promise of tests: they pass on the app as it is, and fail on apps that were broken on purpose."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastwright.project.copying import copy_project
from fastwright.project.model import Endpoint
from fastwright.project.source import Function, parsed
from fastwright.proof.calls import Call, converse
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.pair import Pair
from fastwright.recipes._suite.observing import Seen

_SECONDS = 300.0
_STATUSES = {"missing": "404", "repeat": "409"}


@dataclass(frozen=True)
class Mutant:
    """A break: in each of these files, some text is another. It makes a difference if `shows` is answered otherwise."""

    name: str
    files: dict[str, str]
    shows: Seen | None = None


@dataclass(frozen=True)
class TestsPromise:
    """These `tests` pass, by their ids, and at least one of them fails for each break of what was `seen`."""

    tests: tuple[str, ...]
    seen: tuple[Seen, ...]
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if a test fails, or if none does on an app that is broken."""
        tree = trial.pair.tree("after")
        whole = _outcomes(trial, trial.pair.root / "whole", tree, self.tests)
        failing = [name for name, outcome in whole.items() if outcome != "passed"]
        if failing or not whole:
            raise StepFailed(f"{', '.join(failing[:5]) or 'no test'} does not pass on the app as it is")
        caught: list[str] = []
        for number, mutant in enumerate(mutants(tree, self.seen)):
            root = trial.pair.root / f"mutant-{number}"
            # The first test that fails is enough.
            outcomes = _outcomes(trial, root, tree, ("-x", *self.tests), mutant)
            if any(outcome != "passed" for outcome in outcomes.values()):
                caught.append(mutant.name)
            elif mutant.shows is None or _differs(trial, root, mutant.shows):
                raise StepFailed(f"no test fails where {mutant.name}")
        if not caught:
            raise StepFailed("nothing of the app could be broken to see whether a test fails")
        return f"{len(whole)} tests pass; some fail where {', and where '.join(caught)}"


def _outcomes(
    trial: Regression, root: Path, tree: Path, tests: Sequence[str], mutant: Mutant | None = None
) -> dict[str, Any]:
    """Run the tests on a copy of a tree, broken or whole."""
    copy_project(tree, root / "after")
    for path, text in mutant.files.items() if mutant else ():
        (root / "after" / path).write_text(text, encoding="utf-8")
    return dict(_at(trial, root).run("after", "tests", _SECONDS, tests=list(tests)).get("outcomes", {}))


def _at(trial: Regression, root: Path) -> Pair:
    pair = trial.pair
    return Pair(root, pair.original, pair.python, pair.guard, pair.app, pair.variables, pair.cancelled)


def _differs(trial: Regression, root: Path, shows: Seen) -> bool:
    """Tell whether a break is one: a guard that is opened refuses nobody less, where its scheme refuses them first."""
    call = Call(method=shows.endpoint.method, path=shows.path)
    return converse(_at(trial, root), "after", [call]).answers[0].status != shows.status


def mutants(tree: Path, seen: Sequence[Seen]) -> Iterator[Mutant]:
    """Yield breaks of the app, each of a kind that tests are written against."""
    every = {path: path.read_text(encoding="utf-8") for path in tree.rglob("*.py") if not _is_test(path, tree)}
    texts = {path.relative_to(tree).as_posix(): text for path, text in every.items()}
    guards = [(one, guard) for one in seen if one.kind == "anonymous" for guard in one.endpoint.auth.guards]
    for one, guard in [pair for pair in guards if pair[1].refuses and pair[1].file in texts][:1]:
        if guard.file is not None and guard.line is not None:
            text = _opened(texts[guard.file], guard.line, "return None")
            yield Mutant(f"{guard.name} lets everybody through", {guard.file: text}, one)
    for kind, status in _STATUSES.items():
        changed = {path: _restated(text, status) for path, text in texts.items()} if _has(seen, kind) else {}
        files = {path: text for path, text in changed.items() if text != texts[path]}
        if files:
            yield Mutant(f"{status} is another status", files)
    worked = {one.endpoint.name: one.endpoint for one in seen if one.kind in ("create", "change", "delete", "plain")}
    for endpoint in list(worked.values())[:1]:
        yield from _failing(texts, endpoint)


def _failing(texts: dict[str, str], endpoint: Endpoint) -> Iterator[Mutant]:
    if endpoint.file in texts and endpoint.line is not None:
        text = _opened(texts[endpoint.file or ""], endpoint.line, "raise RuntimeError")
        yield Mutant(f"{endpoint.name} fails", {endpoint.file or "": text})


def _has(seen: Sequence[Seen], kind: str) -> bool:
    return any(one.kind == kind for one in seen)


def _restated(text: str, status: str) -> str:
    """Return the code with another status wherever this one is written."""
    return re.sub(rf"\b(HTTP_)?{status}(_[A-Z_]+)?\b", "418", re.sub(rf"status\.HTTP_{status}\w*", "418", text))


def _opened(text: str, line: int, statement: str) -> str:
    """Return the code with a statement at the beginning of the function, or of the `__call__`, at a line."""
    nodes = [node for node in ast.walk(parsed(text)) if isinstance(node, Function | ast.ClassDef)]
    found = next((node for node in nodes if node.lineno == line), None)
    if isinstance(found, ast.ClassDef):
        found = next((node for node in found.body if isinstance(node, Function) and node.name == "__call__"), None)
    if found is None:
        return text
    first = found.body[0]
    lines = text.splitlines(keepends=True)
    lines.insert(first.lineno - 1, f"{' ' * first.col_offset}{statement}\n")
    return "".join(lines)


def _is_test(path: Path, tree: Path) -> bool:
    relative = path.relative_to(tree)
    return path.name.startswith(("test_", "conftest")) or "tests" in relative.parts
