"""Changes to the app with which it accepts what it refused: found by making them on a copy and sending it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwright.changes import Change, Operation
from fastwright.changes.outcome import Applied
from fastwright.diagnose.conversation import converse
from fastwright.diagnose.diagnosis import diagnose
from fastwright.diagnose.inputs import Typed
from fastwright.diagnose.model import Diagnosis, Problem
from fastwright.project.where import Where
from fastwright.proof.copying import copy_project
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed

# One change may bring to light what the next one is for.
_ROUNDS = 6
_QUERY = ("body-removed", "parameter-added", "required-parameter-added")
# What callers can see of an operation; anything else that differs makes the proof fail.
_SEEN = {
    "allow_none": ("response-nullable",),
    "annotate_parameter": _QUERY,
    "add_wraps": ("parameter-removed", "parameter-added", "required-parameter-added", "body-required"),
}


@dataclass(frozen=True)
class Asked:
    """A request that was typed, or an answer to one, for the app of a project."""

    where: Where
    typed: Typed
    response: str = ""

    def diagnosed(self, project: Path | None = None) -> Diagnosis:
        """Return the diagnosis, by the app of the project or of another tree of it."""
        where = self.where if project is None else self.where.model_copy(update={"project": project})
        with converse(where) as talk:
            return diagnose(talk, self.typed, self.response)


@dataclass(frozen=True)
class Offer:
    """A change that was tried: `evidence` says how the request is answered without it and with it."""

    change: Change
    diff: str
    evidence: str
    cured: tuple[Problem, ...]


def offer(asked: Asked, found: Diagnosis) -> Offer | None:
    """Return the change that lets the app accept the request, or nothing if none is known that does.

    Raises `ProjectError` if the project cannot be copied.
    """
    if not any(_proposed(found)):
        return None
    operations: list[Operation] = []
    cured: list[Problem] = []
    after = found
    with copy_project(asked.where.project) as copy:
        for _round in range(_ROUNDS):
            made = list(_made(after, copy.project))
            if not made:
                break
            cured += [problem for problem, _change in made]
            operations += [one for _problem, change in made for one in change.operations]
            after = asked.diagnosed(copy.project)
        if not operations:
            return None
        diff = copy.edits().diff()
    try:
        evidence = held(found, after, _shared(cured, found))
    except StepFailed:
        return None
    return Offer(
        Change(summary=_summary(found, operations), operations=tuple(operations)), diff, evidence, tuple(cured)
    )


@dataclass(frozen=True)
class Accepted:
    """The promise: the request was refused for these reasons, is not any more, and what is left of it is accepted."""

    asked: Asked
    offer: Offer

    @property
    def announced(self) -> Announced:
        kinds = {one.kind for one in self.offer.change.operations}
        return Announced(changes=tuple(dict.fromkeys(rule for kind in kinds for rule in _SEEN.get(kind, ()))))

    def hold(self, trial: Regression) -> str:
        before, after = (self.asked.diagnosed(trial.pair.tree(side).resolve()) for side in ("before", "after"))
        return held(before, after, _shared(self.offer.cured, before))


def held(before: Diagnosis, after: Diagnosis, cured: Iterable[Problem]) -> str:
    """Return how the request is answered before and after. Raises `StepFailed` if it is still refused, or worse."""
    wanted = {_key(one) for one in cured}
    known, now = ({_key(one) for one in found.problems} for found in (before, after))
    if not wanted or not wanted <= known:
        raise StepFailed("the request was not refused for this before")
    if left := wanted & now:
        raise StepFailed(f"{min(left)[0]} is still found")
    if new := [one for one in after.problems if one.side == "server" and _key(one) not in known]:
        raise StepFailed(f"{new[0].cause}: {new[0].why}")
    if not after.verified:
        raise StepFailed(f"with the change it is answered {after.corrected_status}")
    rest = ", with what else is wrong corrected" if after.problems else ""
    with_it = after.corrected_status
    return f"the request was answered {_refusal(before)}, and is answered {with_it}{rest}"


def _refusal(found: Diagnosis) -> str:
    """Return how a request is answered, and with rows in the database, if it fails only then."""
    last = found.corrected_status or 0
    return f"{last} once there are rows" if last >= 500 and found.status != last else str(found.status)


def _proposed(found: Diagnosis) -> Iterator[tuple[Problem, Change]]:
    return ((one, one.change) for one in found.problems if one.change is not None)


def _made(found: Diagnosis, project: Path) -> Iterator[tuple[Problem, Change]]:
    """Yield the changes that could be made in a tree, each with the problem that it is for."""
    for problem, change in _proposed(found):
        if any(isinstance(outcome, Applied) for outcome in change.attempt(project)):
            yield problem, change


def _shared(problems: Iterable[Problem], found: Diagnosis) -> list[Problem]:
    """Return those of the problems that a diagnosis has: others came to light only after the first changes."""
    known = {_key(one) for one in found.problems}
    return [one for one in problems if _key(one) in known]


def _key(problem: Problem) -> tuple[str, str]:
    """Return what tells problems apart; items of a list are alike."""
    return problem.cause, ".".join("*" if isinstance(part, int) else part for part in problem.loc)


def _summary(found: Diagnosis, operations: Iterable[Operation]) -> str:
    endpoint = f"{found.endpoint.method} {found.endpoint.path}" if found.endpoint else "the app"
    return f"let {endpoint} accept the request: {'; '.join(one.explain() for one in operations)}"
