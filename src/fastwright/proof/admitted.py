"""The other half of a promise of access: whom the guard lets through is answered as before, the wrong role is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, TypeAdapter

from fastwright.proof.model import StepFailed
from fastwright.proof.pair import Pair, Side
from fastwright.proof.promise import AccessPromise, Closed

_STARTUP_SECONDS = 15.0
_ASKING_SECONDS = 60.0
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
class Admitted:
    """Calls what a promise closes: before it without credentials, after it as callers whom the guard knows."""

    pair: Pair
    promise: AccessPromise

    def check(self) -> str:
        """Return the evidence. Raises `StepFailed` if somebody is answered in another way than promised."""
        opened = [one for one in self.promise.closes if one.was_open]
        told: list[str] = []
        if opened:
            with ThreadPoolExecutor(1) as pool:
                first = pool.submit(self._ask, "before", "stranger", opened)
                new = self._ask("after", "admitted", opened)
                old = first.result()
            _compare(old, new)
            told.append(f"past the guard, {len(opened)} of {len(opened)} answer as before: {_shown(new)}")
        checkers = [one for one in self.promise.closes if self.promise.role and "scopes=" not in one.expression]
        if checkers:
            told.append(self._wrong_role(checkers))
        return "; ".join(told) or "nothing of this can be seen without real credentials"

    def _wrong_role(self, checkers: list[Closed]) -> str:
        answers = self._ask("after", "wrong-role", checkers)
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

    def _ask(self, side: Side, who: Caller, closes: list[Closed]) -> Statuses:
        entry = self.pair.entry(side)
        result = self.pair.run(
            side,
            "admitted",
            _STARTUP_SECONDS + 2 * _ASKING_SECONDS,
            directory=entry.base,
            entry={"module": entry.module, "attribute": entry.attribute},
            startup_seconds=_STARTUP_SECONDS,
            asking_seconds=_ASKING_SECONDS,
            closes=[one.model_dump() for one in closes],
            **{"as": who},
        )
        if "problem" in result:
            raise StepFailed(result["problem"])
        answers = _ANSWERS.validate_python(result["answers"])
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
