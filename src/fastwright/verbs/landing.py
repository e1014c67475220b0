"""What the verbs tell that change a project as they were asked to: `add`, `protect` and `upgrade`."""

from __future__ import annotations

from typing import Any, Self

from fastwright.changes import Change
from fastwright.design.model import Frozen
from fastwright.proof.carrying import Carried
from fastwright.proof.model import NOT_RUN, Proof
from fastwright.recipes._recipe import Already, Refusal
from fastwright.verbs.explanation import Explanation


class Landing(Frozen):
    """What was done.

    Nothing landed where there is a `refusal`, where it was there `already`, after a dry run, and where a step failed.
    """

    change: Change
    proof: Proof = NOT_RUN
    landed: bool = False
    explanation: Explanation
    already: str = ""
    refusal: Refusal | None = None
    diff: str = ""
    broken_tests: tuple[str, ...] = ()
    journal: str = ""

    @property
    def done(self) -> bool:
        """Whether all is as it was asked for, or would be without the dry run."""
        return bool(self.already) or (self.refusal is None and self.proof.proven)

    @classmethod
    def of(cls, carried: Carried, explanation: Explanation, **more: Any) -> Self:
        """Return the result of a change that was carried out."""
        return cls(
            change=carried.change,
            proof=carried.proof,
            landed=carried.landed,
            explanation=explanation,
            diff=carried.diff,
            broken_tests=carried.broken_tests,
            journal=carried.journal,
            **more,
        )

    @classmethod
    def unchanged(cls, summary: str, answer: Already | Refusal, **more: Any) -> Self:
        """Return the result where nothing was planned, since it is there already or cannot be done."""
        change = Change(summary=summary, operations=())
        if isinstance(answer, Already):
            told = Explanation(summary=answer.reason, decisions=answer.notes)
            return cls(change=change, explanation=told, already=answer.reason, **more)
        told = Explanation(summary=answer.reason, next_steps=(answer.hint,))
        return cls(change=change, explanation=told, refusal=answer, **more)
