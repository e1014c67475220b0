"""The other half of a promise of access: whom the guard lets through is answered as before, the wrong role is not."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, TypeAdapter

from fastwright.proof.model import StepFailed
from fastwright.proof.promise import AccessPromise, Closed
from fastwright.proof.sandbox import Sandbox

_CHILD = Path(__file__).with_name("admitted_child.py")
_REFUSED = (401, 403)
_CLOSED_SOCKET = 1008

Caller = Literal["stranger", "admitted", "wrong-role"]


class _Answer(BaseModel):
    method: str
    path: str
    status: int | None
    error: str | None = None


_ANSWERS = TypeAdapter(list[_Answer])
Statuses = dict[tuple[str, str], int | None]


@dataclass(frozen=True)
class Stand:
    """How to run an app: its interpreter, the variables that it needs, and where its app object is."""

    python: Path
    variables: dict[str, str]
    module: str
    attribute: str
    base: str
    startup_seconds: float = 15.0
    asking_seconds: float = 60.0

    def paths(self, root: Path) -> list[Path]:
        """Return where modules are imported from, in a copy of the project at `root`."""
        base = root / self.base
        return [base, *(path for path in (root, root / "src") if path.is_dir() and path != base)]


@dataclass(frozen=True)
class Admitted:
    """Calls what a promise closes: before it without credentials, after it as callers whom the guard knows."""

    stand: Stand
    promise: AccessPromise
    before: Path

    def check(self, box: Sandbox) -> str:
        """Return the evidence. Raises `StepFailed` if somebody is answered in another way than promised."""
        opened = [one for one in self.promise.closes if one.was_open]
        told: list[str] = []
        if opened:
            with ThreadPoolExecutor(1) as pool:
                first = pool.submit(self._ask, box, self.before, "stranger", opened)
                new = self._ask(box, box.directory, "admitted", opened)
                old = first.result()
            _compare(old, new)
            told.append(f"past the guard, {len(opened)} of {len(opened)} answer as before: {_shown(new)}")
        checkers = [one for one in self.promise.closes if self.promise.role and "scopes=" not in one.expression]
        if checkers:
            told.append(self._wrong_role(box, checkers))
        return "; ".join(told) or "nothing of this can be seen without real credentials"

    def _wrong_role(self, box: Sandbox, checkers: list[Closed]) -> str:
        answers = self._ask(box, box.directory, "wrong-role", checkers)
        let_in = [
            name for name, status in answers.items() if status is not None and not _refuses(status) and status < 500
        ]
        if let_in:
            names = ", ".join(" ".join(name) for name in let_in)
            raise StepFailed(f"a caller who is not {self.promise.role} is let through: {names}")
        refused = [status for status in answers.values() if status is not None and _refuses(status)]
        if len(refused) < len(answers):
            return f"what a caller without the role gets could be seen at {len(refused)} of {len(answers)} only"
        return f"a caller without the role gets {_shown(answers)}"

    def _ask(self, box: Sandbox, root: Path, who: Caller, closes: list[Closed]) -> Statuses:
        scratch = box.scratch / who
        scratch.mkdir(exist_ok=True)
        result = scratch / "answers.json"
        request = {
            "package": str(_CHILD.parent.parent),
            "scratch": str(scratch),
            "root": str(root),
            "entry": {
                "module": self.stand.module,
                "attribute": self.stand.attribute,
                "paths": [str(path) for path in self.stand.paths(root)],
            },
            "startup_seconds": self.stand.startup_seconds,
            "asking_seconds": self.stand.asking_seconds,
            "closes": [one.model_dump() for one in closes],
            "as": who,
            "result": str(result),
        }
        file = scratch / "request.json"
        file.write_text(json.dumps(request), encoding="utf-8")
        inside = replace(box, directory=root / self.stand.base)
        inside.run([self.stand.python, "-B", _CHILD, file], **self.stand.variables)
        answers = _ANSWERS.validate_json(result.read_bytes())
        return {(one.method, one.path): one.status for one in answers}


def _compare(old: Statuses, new: Statuses) -> None:
    differing = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    if differing:
        lines = (f"{' '.join(name)}: {old.get(name)} before, {new.get(name)} now" for name in sorted(differing))
        raise StepFailed("\n".join(["a caller whom the guard lets through is not answered as before", *lines]))


def _refuses(status: int) -> bool:
    return status in _REFUSED or status == _CLOSED_SOCKET


def _shown(answers: Statuses) -> str:
    return ", ".join(sorted({str(status) for status in answers.values()}))
