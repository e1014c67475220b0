"""The promise of a limit: so many requests of one address are answered as before, and one more is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Admitting, Around, Call
from fastwright.proof.calls import Answer as Answered
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed

_PARAMETER = re.compile(r"{[^}]*}")
_REQUESTS = 3000
_STEPS = 5


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds; `name` is that of the dependency."""

    amount: int
    seconds: int
    name: str


@dataclass(frozen=True)
class LimitPromise:
    """The limit is on each of `limited`, and on none of `others`."""

    limit: Limit
    limited: tuple[Endpoint, ...]
    others: tuple[Endpoint, ...]
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if one request too many is answered, or one too few."""
        limited = self.limited[: max(1, _REQUESTS // self.limit.amount)]
        others = [one for one in self.others if one.kind == "operation"][: max(1, _REQUESTS // self.limit.amount)]
        calls = [call for number, one in enumerate(limited) for call in self._calls(one, f"198.51.100.{number % 250}")]
        calls += [self._call(one, "203.0.113.1", self.limit.amount + 1) for one in others]
        around = Around(admits=guards((*limited, *others)))
        before, after = (trial.converse(side, calls, around).answers for side in ("before", "after"))
        for number, one in enumerate(limited):
            part = slice(number * _STEPS, (number + 1) * _STEPS)
            self._check(f"{one.method} {one.path}", before[part], after[part])
        rest = slice(len(limited) * _STEPS, None)
        for one, old, new in zip(others, before[rest], after[rest], strict=True):
            # One that has another limit already may be refused by that.
            if new.status == 429 != old.status:
                raise StepFailed(f"{one.method} {one.path} is limited, and was not to be")
        unasked = "" if len(limited) == len(self.limited) else f" ({len(limited)} of {len(self.limited)} asked)"
        return (
            f"{counted(self.limited)}{unasked}: {self.limit.amount} requests as before, then 429 with "
            f"Retry-After, and as before after {self.limit.seconds} s or from another address"
        )

    def _calls(self, endpoint: Endpoint, client: str) -> tuple[Call, ...]:
        """Return as many requests as are let through, one more, one from elsewhere, one at half-time, and one later."""
        # Of a few seconds, half would not be enough for a machine that is busy.
        half = self.limit.seconds / 2 if self.limit.seconds >= 10 else 0.0
        late = self._call(endpoint, client, 1).model_copy(update={"later": half})
        over = late.model_copy(update={"later": self.limit.seconds + 1.0})
        return (
            self._call(endpoint, client, self.limit.amount),
            self._call(endpoint, client, 1),
            self._call(endpoint, client.replace("198.51.100.", "192.0.2."), 1),
            late,
            over,
        )

    def _call(self, endpoint: Endpoint, client: str, repeat: int) -> Call:
        return Call(method=endpoint.method, path=filled(endpoint.path), client=client, repeat=repeat)

    def _check(self, name: str, before: Sequence[Answered], after: Sequence[Answered]) -> None:
        if any(answer.status == 429 for answer in before):
            raise StepFailed(f"{name} was answered with 429 before the change already")
        for old, new, when in zip(before, after, ("within the limit", "", "from elsewhere", "", "later"), strict=True):
            if when and old.status != new.status:
                raise StepFailed(
                    f"{name}, {when}: was answered with {old.status}, and is with {new.status} {new.error}"
                )
        wait = after[1].headers.get("retry-after", "")
        if after[1].status != 429:
            raise StepFailed(f"{name}: request {self.limit.amount + 1} is answered with {after[1].status}, and not 429")
        if after[3].status != 429:
            raise StepFailed(f"{name}: is answered with {after[3].status} at half-time already")
        if not wait.isdigit() or not 0 < int(wait) <= self.limit.seconds:
            raise StepFailed(f"{name}: Retry-After is {wait or 'not there'}")


def guards(endpoints: Sequence[Endpoint]) -> tuple[Admitting, ...]:
    """Return the guards before which nobody would get to the limit."""
    found = {(guard.file, guard.name) for one in endpoints for guard in one.auth.guards if guard.file and guard.refuses}
    return tuple(Admitting(guard_file=file, guard_name=name) for file, name in sorted(found))


def counted(endpoints: Sequence[Endpoint]) -> str:
    """Return how many there are, in words."""
    return f"{len(endpoints)} endpoint{'s'[: len(endpoints) != 1]}"


def filled(path: str) -> str:
    """Return a path with something for each of its parameters."""
    return _PARAMETER.sub("1", path)
