"""`undo` as a step."""

from __future__ import annotations

from fastwright.agent.facts import Facts, Performed
from fastwright.agent.plan import Step
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.undo import UndoRequest, undo


def perform(step: Step, where: Where, progress: Progress) -> Performed:  # noqa: ARG001 - every step takes it
    """Take back what was landed last."""
    result = undo(UndoRequest(project=where.project))
    return Performed(
        step=step,
        done=True,
        landed=result.landed,
        facts=Facts(
            summary="; ".join(f"taken back: {one.summary}" for one in result.changes),
            files=tuple(f"{one.path} ({one.kind})" for one in result.files),
            proven=("every file is byte for byte as it was before",) if not result.kept else (),
            not_proven=tuple(f"{path} keeps edits that were made since" for path in result.kept),
        ),
        result=result,
    )
