"""The promise that answers have headers that they did not have, and are otherwise what they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastwright.proof.calls import Answer, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed


@dataclass(frozen=True)
class HeaderPromise:
    """To each of these `calls`, the answer has these headers from now on, and had none of them before.

    `pages` are those that differ where the answer is HTML.
    """

    calls: tuple[Call, ...]
    headers: Mapping[str, str]
    pages: Mapping[str, str] = field(default_factory=dict[str, str])
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if a header was there, is not there now, or all else differs."""
        before = trial.converse("before", self.calls).answers
        again = trial.converse("before", self.calls).answers
        after = trial.converse("after", self.calls).answers
        for call, old, twin, new in zip(self.calls, before, again, after, strict=True):
            self._check_headers(call, old, new)
            check_same(call, old, twin, new)
        names = ", ".join(self.headers)
        return f"{len(self.calls)} requests: no {names} before, all of them now; the rest as before"

    def _check_headers(self, call: Call, old: Answer, new: Answer) -> None:
        known = [name for name in self.headers if name.lower() in old.headers]
        if known:
            raise StepFailed(f"{call.shown} was answered with {', '.join(known)} before the change already")
        is_page = new.headers.get("content-type", "").startswith("text/html")
        for name, value in {**self.headers, **(self.pages if is_page else {})}.items():
            seen = new.headers.get(name.lower())
            if seen != value:
                raise StepFailed(f"{call.shown}: {name} was to be {value}, and is {seen or 'not there'}")


@dataclass(frozen=True)
class NewEndpoints:
    """These endpoints are there from now on, for anybody, and their answer holds a text; they were not there before."""

    holds: Mapping[str, str]

    @property
    def announced(self) -> Announced:
        return Announced(adds=tuple(f"GET {path}" for path in self.holds))

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if one was there, or does not answer as it should."""
        calls = [Call(method="GET", path=path) for path in self.holds]
        before, after = (trial.converse(side, calls).answers for side in ("before", "after"))
        for call, old, new in zip(calls, before, after, strict=True):
            if old.status not in (404, 405):
                raise StepFailed(f"{call.shown} was answered with {old.outcome} before the change, not 404")
            if new.status != 200 or self.holds[call.path] not in new.body:
                raise StepFailed(f"{call.shown} is answered with {new.status} {new.error}\n{new.body[:500]}")
        return f"{', '.join(self.holds)}: 404 before, and 200 for anybody now"


def check_same(call: Call, old: Answer, twin: Answer, new: Answer) -> None:
    """Raise `StepFailed` if an answer is not what it was; `twin` is the old one asked again, to see what varies."""
    if old.status != new.status:
        raise StepFailed(f"{call.shown} was answered with {old.outcome}, and is with {new.status} {new.error}".rstrip())
    if old.said == twin.said and old.said != new.said:
        raise StepFailed(f"{call.shown}: the body of the answer is another: {new.body[:200]}")
