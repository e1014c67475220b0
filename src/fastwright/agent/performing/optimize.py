"""`optimize` as a step."""

from __future__ import annotations

from fastwright.agent.facts import Performed, facts_of, failed_steps
from fastwright.agent.plan import Step
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.optimize import OptimizeRequest, optimize


def perform(step: Step, where: Where, progress: Progress) -> Performed:
    """Measure and fix what grows, and tell the counts before and after."""
    result = optimize(OptimizeRequest(path=step.args.get("path", ""), **dict(where)), progress)
    error = ""
    if not result.done:
        error = result.refusal or (
            failed_steps(result.proof) if result.change.operations else "no safe edit is known for what grows"
        )
    return Performed(
        step=step,
        done=result.done,
        landed=result.landed,
        facts=facts_of(result.explanation, result.proof, result.diff),
        error=error,
        hint="" if result.done else "see each cause: fastwright optimize --dry-run",
        result=result,
    )
