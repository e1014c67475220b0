"""The promise of a limit: so many requests of one address are answered as before, and one more is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Admitting, Around, Call, filled
from fastwright.proof.calls import Answer as Answered
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed

# What is asked of the first endpoint before any other is asked.
_STEPS = 4
_CALLER, _ELSEWHERE = "198.51.100.1", "192.0.2.1"
_REFUSED = (401, 403)


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds; `name` is that of the dependency."""

    amount: int
    seconds: int
    name: str


@dataclass(frozen=True)
class LimitPromise:
    """The limit is on all of `limited` together, and on none of `others`.

    One of them is asked as often as allowed, and what that uses up is used up for the rest.
    """

    limit: Limit
    limited: tuple[Endpoint, ...]
    others: tuple[Endpoint, ...]
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if one request too many is answered, or one too few."""
        first, *rest = sorted(self.limited, key=_rank)
        others = [one for one in self.others if one.kind == "operation"]
        calls = list(self._calls(first, rest, others))
        around = Around(admits=guards((*self.limited, *others)))
        before, after = (trial.converse(side, calls, around).answers for side in ("before", "after"))
        for one, old, new in zip(rest, before, after, strict=False):
            _check_same(f"{_shown(one)} from elsewhere", old, new)
        before, after = before[len(rest) :], after[len(rest) :]
        if not self._first(first, before, after):
            raise StepFailed(f"{_shown(first)} is refused to strangers by a middleware, before any limit is asked")
        pairs = iter(zip(before[_STEPS:], after[_STEPS:], strict=True))
        reached = 1 + sum([_is_used_up(one, *next(pairs)) for one in rest])
        for one in others:
            old, new = next(pairs)
            # One that has another limit already may be refused by that.
            if new.status == 429 != old.status:
                raise StepFailed(f"{_shown(one)} is limited, and was not to be")
        unasked = "" if reached == len(self.limited) else f" ({reached} of them reached)"
        return (
            f"{counted(self.limited)}{unasked}: {self.limit.amount} requests as before, then 429 with "
            f"Retry-After, and as before after {self.limit.seconds} s or from another address"
        )

    def _calls(self, first: Endpoint, rest: Sequence[Endpoint], others: Sequence[Endpoint]) -> Iterator[Call]:
        """Yield what others ask of the rest; what is asked of the first; of all, once that is used up; and of it later.

        Others ask before anything is refused, so that their requests find the same rows with the limit and without. Of
        a few seconds, half would not be enough for a machine that is busy.
        """
        half = self.limit.seconds / 2 if self.limit.seconds >= 10 else 0.0
        yield from (_call(one, f"192.0.2.{number % 250 + 2}") for number, one in enumerate(rest))
        yield _call(first, _ELSEWHERE)
        yield _call(first).model_copy(update={"repeat": self.limit.amount})
        yield _call(first)
        yield _call(first).model_copy(update={"later": half})
        yield from (_call(one) for one in (*rest, *others))
        yield _call(first).model_copy(update={"later": self.limit.seconds + 1.0})

    def _first(self, one: Endpoint, before: Sequence[Answered], after: Sequence[Answered]) -> bool:
        """Tell whether it was reached: what a middleware refuses before and after is limited by that already."""
        if any(answer.status == 429 for answer in before):
            raise StepFailed(f"{_shown(one)} was answered with 429 before the change already")
        if all(answer.status in _REFUSED for answer in (*before, *after)):
            return False
        for number, when in ((0, "from elsewhere"), (1, "within the limit"), (-1, "later")):
            _check_same(f"{_shown(one)}, {when}", before[number], after[number])
        wait = after[2].headers.get("retry-after", "")
        if after[2].status != 429:
            told = f"{_shown(one)}: request {self.limit.amount + 1} is answered with {after[2].outcome}, and not 429"
            raise StepFailed(told)
        if after[3].status != 429:
            raise StepFailed(f"{_shown(one)}: is answered with {after[3].outcome} at half-time already")
        if not wait.isdigit() or not 0 < int(wait) <= self.limit.seconds:
            raise StepFailed(f"{_shown(one)}: Retry-After is {wait or 'not there'}")
        return True


def _rank(endpoint: Endpoint) -> tuple[bool, bool, bool]:
    """Rank an endpoint by how little it tells when it is asked often: one that is never reached, or changes things."""
    return endpoint.auth.refused_by == "middleware", endpoint.method != "GET", "{" in endpoint.path


def _call(endpoint: Endpoint, client: str = _CALLER) -> Call:
    return Call(method=endpoint.method, path=filled(endpoint.path), client=client)


def _is_used_up(one: Endpoint, before: Answered, after: Answered) -> bool:
    """Tell whether it is refused when the count is used up; what a middleware refuses is not reached."""
    if before.status == after.status and after.status in _REFUSED:
        return False
    if after.status != 429:
        raise StepFailed(f"{_shown(one)} is answered with {after.outcome} when the limit is used up, and not with 429")
    return True


def _check_same(what: str, before: Answered, after: Answered) -> None:
    if before.status != after.status:
        raise StepFailed(f"{what}: was answered with {before.outcome}, and is with {after.status} {after.error}")


def _shown(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def guards(endpoints: Sequence[Endpoint]) -> tuple[Admitting, ...]:
    """Return all that refuses, and what may be asked besides it: a scheme, or what stands on one."""
    closed = [one for one in endpoints if one.auth.required]
    found = {(guard.file, guard.name) for one in closed for guard in one.auth.guards if guard.file}
    found |= {("", scheme) for one in closed for scheme in one.auth.schemes}
    besides = [Admitting(guard_file=file, guard_name=name) for file, name in sorted(found)]
    return tuple(dict.fromkeys((*refusing(endpoints), *besides)))


def refusing(endpoints: Sequence[Endpoint]) -> tuple[Admitting, ...]:
    """Return the guards that refuse by themselves, or the scheme where there is nothing else."""
    found = {(guard.file, guard.name) for one in endpoints for guard in one.auth.guards if guard.file and guard.refuses}
    # A scheme may be all that there is: a class of the project that verifies the token by itself.
    found |= {("", scheme) for one in endpoints if not one.auth.guards for scheme in one.auth.schemes}
    return tuple(Admitting(guard_file=file, guard_name=name) for file, name in sorted(found))


def counted(endpoints: Sequence[Endpoint]) -> str:
    """Return how many there are, in words."""
    return f"{len(endpoints)} endpoint{'s'[: len(endpoints) != 1]}"
