"""The promises of caches: what strangers get is kept until it is old or anybody writes; what others get is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Answer as Answered
from fastwright.proof.calls import Around, Call, filled
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._platform.limiting import counted, guards
from fastwright.recipes._platform.promises import check_same

_KEPT = "age"
_CREDENTIALS = ("Authorization", "Cookie", "X-API-Key")


@dataclass(frozen=True)
class CachePromise:
    """Answers of `kept` come from the cache the second time, unless `ttl` seconds passed, somebody wrote, or is known.

    `others` are endpoints that are never kept, and `write` is one that changes things.
    """

    kept: tuple[Endpoint, ...]
    others: tuple[Endpoint, ...]
    write: Endpoint | None
    ttl: int
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if an answer is kept that must not be, or is another."""
        rounds = [self._round(one) for one in self.kept]
        plain = [Call(method="GET", path=filled(one.path)) for one in self.others for _time in range(2)]
        calls = [call for one in rounds for call, _is_kept in one] + plain
        wanted = [is_kept for one in rounds for _call, is_kept in one] + [False] * len(plain)
        before, twin, after = (trial.converse(side, calls).answers for side in ("before", "before", "after"))
        for call, old, again, new, is_kept in zip(calls, before, twin, after, wanted, strict=True):
            check_same(call, old, again, new)
            if _KEPT in old.headers:
                raise StepFailed(f"{call.shown} was answered from a cache before the change already")
            if (_KEPT in new.headers) != is_kept:
                raise StepFailed(f"{call.shown} {_case(call)}: {'not' if is_kept else 'was'} answered from the cache")
        wrote = f", {self.write.method} {self.write.path} forgets it" if self.write else ""
        return f"{counted(self.kept)}: kept for strangers for {self.ttl} s{wrote}; never for who sends credentials"

    def _round(self, one: Endpoint) -> list[tuple[Call, bool]]:
        """Return requests in their order, each with whether its answer comes from the cache."""
        ask = Call(method="GET", path=filled(one.path))
        known = [(ask.model_copy(update={"headers": {name: "x"}}), False) for name in _CREDENTIALS]
        write = [Call(method=self.write.method, path=filled(self.write.path))] if self.write else []
        forgotten = [(call, False) for call in write] + [(ask, not write), (ask, True)]
        return [
            (ask.model_copy(update={"later": self.ttl + 1.0}), False),
            (ask, True),
            (ask.model_copy(update={"later": self.ttl / 2}), True),
            (ask.model_copy(update={"query": {"another": "1"}}), False),
            *known,
            *forgotten,
            (ask.model_copy(update={"later": self.ttl + 1.0}), False),
        ]


@dataclass(frozen=True)
class ConditionalPromise:
    """Answers of `endpoints` have an ETag from now on, and whoever sends it back is told that nothing is new."""

    endpoints: tuple[Endpoint, ...]
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if there is no ETag, or it, or a guard, is not honoured."""
        around = Around(admits=guards(self.endpoints))
        first = [
            Call(method="GET", path=filled(one.path), keep={f"tag{n}": "header:etag"}) for n, one in self._numbered
        ]
        again = [
            Call(method="GET", path=filled(one.path), headers={"If-None-Match": f"{{{{tag{n}}}}}"})
            for n, one in self._numbered
        ]
        before = trial.converse("before", first, around).answers
        twin = trial.converse("before", first, around).answers
        after = trial.converse("after", [*first, *again], around).answers
        seen = varying = 0
        for number, call in enumerate(first):
            old, new, second = before[number], after[number], after[number + len(first)]
            check_same(call, old, twin[number], new)
            if old.status == 200:
                _check_tag(call, old, new)
                # What holds the time of its making is new each time, and no caller has it.
                is_new = old.said != twin[number].said and second.said != new.said
                seen, varying = seen + (not is_new), varying + is_new
                if not is_new and (second.status != 304 or second.body):
                    told = f"{call.shown} with its ETag is answered with {second.outcome}, and not 304 without a body"
                    raise StepFailed(told)
        if not seen:
            raise StepFailed("none of these endpoints answered with 200 to somebody whom the guards let through")
        self._check_strangers(trial, first)
        besides = f" ({varying} with something new each time)" if varying else ""
        return (
            f"{seen} of {len(first)} endpoints answered: with an ETag, and 304 to who sends it{besides}; "
            "strangers as before"
        )

    @property
    def _numbered(self) -> Sequence[tuple[int, Endpoint]]:
        return list(enumerate(self.endpoints))

    def _check_strangers(self, trial: Regression, calls: Sequence[Call]) -> None:
        """Hold that the guards are asked, whatever a stranger says to have."""
        bold = [call.model_copy(update={"headers": {"If-None-Match": "*"}}) for call in calls]
        before, after = (trial.converse(side, bold).answers for side in ("before", "after"))
        for call, old, new, endpoint in zip(bold, before, after, self.endpoints, strict=True):
            if endpoint.auth.required and old.status != new.status:
                raise StepFailed(f"{call.shown}: a stranger got {old.status}, and gets {new.status}")


def _check_tag(call: Call, old: Answered, new: Answered) -> None:
    if "etag" in old.headers:
        raise StepFailed(f"{call.shown} had an ETag before the change already")
    if "etag" not in new.headers or "private" not in new.headers.get("cache-control", ""):
        raise StepFailed(f"{call.shown}: no ETag, or not private: {new.headers.get('cache-control')}")


def _case(call: Call) -> str:
    return ", ".join([*call.headers, *call.query]) or ("later" if call.later else "")
