"""What `protect` promises: who is refused from now on, and that everybody else is answered as before."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastwright.project.read import Reading
from fastwright.proof.admitted import Admitted
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.promise import AccessChange, AccessPromise, access_changes, broken_promises, keyed
from fastwright.proof.signed_in import Credentials, check_real_callers

_LISTED = 30


@dataclass
class Protection:
    """The promise that these endpoints are closed, to whom they were said to be, and that nothing else is different.

    With `credentials`, callers with real ones are tried, too. `changes` is what was seen, there once `hold` was called.
    """

    promise: AccessPromise
    credentials: Credentials | None = None
    changes: tuple[AccessChange, ...] = ()

    @property
    def announced(self) -> Announced:
        return Announced(changes=tuple(one.shown for one in self.promise.closes))

    def hold(self, trial: Regression) -> str:
        """Return who is refused now, and who is answered as before. Raises `StepFailed` if that is not as promised."""
        seen = self._access(trial.before, trial.after)
        self._contract(trial.before, trial.after)
        real = check_real_callers(trial, self.promise, self.credentials) if self.credentials else ""
        return "; ".join(filter(None, (real, Admitted(trial.pair, self.promise).check(), seen)))

    def _access(self, before: Reading, after: Reading) -> str:
        """Hold the access that was seen against the list that was announced."""
        self.changes = access_changes(before.project, after.project)
        broken = list(broken_promises(self.promise, before.project, after.project))
        if broken:
            more = [f"… and {len(broken) - _LISTED} more"] if len(broken) > _LISTED else []
            raise StepFailed("\n".join([*broken[:_LISTED], *more, "what changed is not what was announced"]))
        others = len(before.project.endpoints) - len(self.promise.closes)
        return f"{_statuses(self.promise, after)}; the other {others} answer strangers exactly as before"

    def _contract(self, before: Reading, after: Reading) -> None:
        """Hold the OpenAPI documents against each other: only what says who may call may differ."""
        old = {prefix: _without_access(one, self.promise, prefix) for prefix, one in before.documents.items()}
        new = {prefix: _without_access(one, self.promise, prefix) for prefix, one in after.documents.items()}
        if old != new:
            raise StepFailed("\n".join(["the OpenAPI document differs in more than access", *_differences(old, new)]))


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
