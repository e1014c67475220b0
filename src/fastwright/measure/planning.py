"""From causes to a change: the edits that take them away, and for each that is left to a person the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastwright.changes.add_loader_option import AddLoaderOption
from fastwright.changes.operation import Operation
from fastwright.changes.outcome import Refused, Unchanged, Unfit
from fastwright.changes.tree import Tree
from fastwright.design.model import Frozen
from fastwright.measure.fixes import Surroundings, by_hand, candidates
from fastwright.measure.model import Cause
from fastwright.measure.sentences import sentence


class Left(Frozen):
    """A cause that is left to a person: why, and the edit that would take it away."""

    cause: Cause
    reason: str
    advice: str

    @property
    def told(self) -> str:
        """The cause, the edit, and why nobody made it: one that was tried and did harm is no good advice alone."""
        return f"{sentence(self.cause)}: {self.advice}" + (f" (not done, since {self.reason})" if self.reason else "")


@dataclass(frozen=True)
class Fix:
    """An operation, and the causes that it takes away."""

    operation: Operation
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Fixes:
    """What can be done about the causes of a measurement."""

    fixes: tuple[Fix, ...]
    left: tuple[Left, ...]


def plan_fixes(causes: Iterable[Cause], root: Path, around: Surroundings, refused: Mapping[str, str]) -> Fixes:
    """Return the edits that fit the source at `root`; those that were `refused` before are left, with the reason."""
    fixes: list[Fix] = []
    left: list[Left] = []
    for cause in _distinct(causes):
        operation, reason = _first_fitting(candidates(cause, around), root, refused)
        if operation is not None:
            fixes.append(Fix(operation, (cause,)))
        else:
            left.append(Left(cause=cause, reason=reason, advice=by_hand(cause)))
    return Fixes(_longest(fixes), tuple(left))


def _distinct(causes: Iterable[Cause]) -> list[Cause]:
    return list({identity(cause): cause for cause in causes}.values())


def identity(cause: Cause) -> str:
    """Return what tells a cause from all others: the same one may be seen at several endpoints."""
    return cause.model_dump_json(exclude={"times", "touched", "statement", "plan_before", "plan_after"})


def _first_fitting(
    candidates: Iterator[Operation], root: Path, refused: Mapping[str, str]
) -> tuple[Operation | None, str]:
    reason = ""
    for operation in candidates:
        if name(operation) in refused:
            return None, refused[name(operation)]
        why = problem(operation, root)
        if why is None:
            return operation, ""
        reason = reason or why
    return None, reason


def problem(operation: Operation, root: Path) -> str | None:
    """Return why an operation does not fit the source, or nothing if it does."""
    tree = Tree(root)
    try:
        outcome = operation.plan(tree)
    except Unfit as unfit:
        return unfit.refused.reason
    if isinstance(outcome, Unchanged):
        return outcome.reason
    broken: Iterable[Refused] = tree.settle().values()
    return next((one.reason for one in broken), None)


def _longest(fixes: Sequence[Fix]) -> tuple[Fix, ...]:
    """Put together what is done by one edit: a chain of relations that begins a longer one needs none of its own."""
    kept: list[Fix] = []
    for fix in sorted(fixes, key=lambda one: -len(getattr(one.operation, "path", ()))):
        same = [number for number, one in enumerate(kept) if _begins(fix.operation, one.operation)]
        if same:
            kept[same[0]] = Fix(kept[same[0]].operation, (*kept[same[0]].causes, *fix.causes))
        else:
            kept.append(fix)
    return tuple(kept)


def name(operation: Operation) -> str:
    """Return what tells an operation from all others."""
    return operation.model_dump_json()


def _begins(shorter: Operation, longer: Operation) -> bool:
    if shorter == longer:
        return True
    if not (isinstance(shorter, AddLoaderOption) and isinstance(longer, AddLoaderOption)):
        return False
    length = len(shorter.path)
    same = shorter.model_copy(update={"path": ()}) == longer.model_copy(update={"path": ()})
    return same and longer.path[:length] == shorter.path
