"""The steps that prove a change of access: each holds the project with the change against the one without it."""

from __future__ import annotations

import copy
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastwright.errors import FastwrightError
from fastwright.project.read import Reading, read_documented
from fastwright.proof.admitted import Admitted, Stand
from fastwright.proof.model import Step, StepFailed
from fastwright.proof.promise import AccessChange, AccessPromise, access_changes, broken_promises, keyed
from fastwright.proof.regression import ProjectTests
from fastwright.proof.sandbox import Sandbox

TESTS_SECONDS = 600.0
_LISTED = 30


@dataclass
class Protection:
    """What is to be proven: `before` is the project without the change, `reading` what it was."""

    stand: Stand
    promise: AccessPromise
    before: Path
    reading: Reading
    app: str
    env_file: Path | None
    changes: tuple[AccessChange, ...] = ()
    broken_tests: tuple[str, ...] = ()
    _after: list[Reading] = field(default_factory=list[Reading])

    def steps(self, *, tests: bool) -> tuple[Step, ...]:
        """Return the steps; the tests come first, since they take longest."""
        again = "uv run pytest" if self.stand.python.parent.parent.name == ".venv" else "python -m pytest"
        own = (Step("tests", "Tests", self.tests, again, timeout=TESTS_SECONDS),) if tests else ()
        needs = ("app",)
        return (
            *own,
            Step("app", "App", self.start, "fastwright map"),
            Step(
                "promise", "Promise", self.admitted, "see dependency_overrides in the documentation of FastAPI", needs
            ),
            Step("access", "Access", self.access, "fastwright map", needs),
            Step("contract", "Contract", self.contract, "compare /openapi.json before and after", needs),
        )

    def start(self, box: Sandbox) -> str:
        """Import and start the app with the change, in its own interpreter, and ask every endpoint of it."""
        try:
            after = read_documented(box.directory, python=self.stand.python, app=self.app, env_file=self.env_file)
        except FastwrightError as error:
            raise StepFailed(f"the app cannot be imported any more: {error.message}") from error
        new = [
            one.reason
            for one in after.project.unresolved
            if one.subject == "startup"
            and one.reason not in {known.reason for known in self.reading.project.unresolved}
        ]
        if new:
            raise StepFailed(new[0])
        self._after.append(after)
        return f"imported and started; {len(after.project.endpoints)} endpoints, as before"

    def access(self, _box: Sandbox) -> str:
        """Hold the access that was seen against the list that was announced."""
        before, after = self.reading.project, self._after[0].project
        self.changes = access_changes(before, after)
        broken = list(broken_promises(self.promise, before, after))
        if broken:
            more = [f"… and {len(broken) - _LISTED} more"] if len(broken) > _LISTED else []
            raise StepFailed("\n".join([*broken[:_LISTED], *more, "what changed is not what was announced"]))
        closed = len(self.promise.closes)
        others = len(before.endpoints) - closed
        return f"{_statuses(self.promise, self._after[0])}; the other {others} answer strangers exactly as before"

    def contract(self, _box: Sandbox) -> str:
        """Hold the OpenAPI documents against each other: only what says who may call may differ."""
        before = {prefix: _without_access(one, self.promise, prefix) for prefix, one in self.reading.documents.items()}
        after = {prefix: _without_access(one, self.promise, prefix) for prefix, one in self._after[0].documents.items()}
        if before != after:
            raise StepFailed(
                "\n".join(["the OpenAPI document differs in more than access", *_differences(before, after)])
            )
        operations = sum(len(document.get("paths", {})) for document in after.values())
        return f"the OpenAPI document has the same {operations} paths, parameters and schemas"

    def admitted(self, box: Sandbox) -> str:
        return Admitted(self.stand, self.promise, self._own_copy(box)).check(box)

    def tests(self, box: Sandbox) -> str:
        own = ProjectTests(self.stand, self._own_copy(box))
        try:
            return own.check(box)
        finally:
            self.broken_tests = tuple(sorted(own.broken))

    def _own_copy(self, box: Sandbox) -> Path:
        """Return a copy of the project without the change for one step, which may write into it."""
        return Path(shutil.copytree(self.before, box.scratch / "unchanged", symlinks=True))


def _statuses(promise: AccessPromise, after: Reading) -> str:
    found = keyed(after.project)
    opened = [one for one in promise.closes if one.was_open]
    seen = sorted({f"{one.before} → {found[one.method, one.path, 0].auth.status}" for one in opened})
    told = [f"{_endpoints(len(opened))} closed to strangers ({', '.join(seen)})"] if opened else []
    narrowed = len(promise.closes) - len(opened)
    told += [f"{_endpoints(narrowed)} closed to all but {promise.role}"] if narrowed else []
    return " and ".join(told)


def _endpoints(count: int) -> str:
    return f"{count} endpoint{'s'[: count != 1]}"


def _without_access(document: Mapping[str, Any], promise: AccessPromise, prefix: str) -> dict[str, Any]:
    """Return a document without what a guard adds: schemes, and on closed operations what is sent to it."""
    plain: dict[str, Any] = copy.deepcopy(dict(document))
    closed = {(one.method.lower(), one.path.removeprefix(prefix)) for one in promise.closes}
    components: dict[str, Any] = plain.get("components", {})
    components.pop("securitySchemes", None)
    for name in ("HTTPValidationError", "ValidationError"):
        components.get("schemas", {}).pop(name, None)
    if not any(components.values()):
        plain.pop("components", None)
    _drop_shared_ids(plain)
    for path, methods in plain.get("paths", {}).items():
        for method, operation in methods.items():
            if (method, _without_converters(path)) in {(verb, _without_converters(one)) for verb, one in closed}:
                _drop_credentials(operation)
    return plain


def _drop_shared_ids(document: dict[str, Any]) -> None:
    """Remove the ids that several operations have: FastAPI takes them from a set, so each start may give another."""
    operations = [one for methods in document.get("paths", {}).values() for one in methods.values()]
    counts = Counter(one.get("operationId") for one in operations)
    for one in operations:
        if counts[one.get("operationId")] > 1:
            one.pop("operationId", None)


def _drop_credentials(operation: dict[str, Any]) -> None:
    operation.pop("security", None)
    operation.get("responses", {}).pop("422", None)
    kept = [one for one in operation.get("parameters", ()) if one.get("in") not in ("header", "cookie")]
    operation.pop("parameters", None)
    if kept:
        operation["parameters"] = kept


def _without_converters(path: str) -> str:
    return "/".join(
        f"{step.partition(':')[0]}}}" if step.startswith("{") and ":" in step else step for step in path.split("/")
    )


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    old, new = (json.dumps(one, indent=1, sort_keys=True).splitlines() for one in (before, after))
    return [f"+ {line.strip()}" for line in new if line not in old][:10]
