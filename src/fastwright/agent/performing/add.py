"""`add` as a step."""

from __future__ import annotations

from fastwright.agent.facts import Performed, facts_of, failed_steps
from fastwright.agent.plan import Step
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.add import AddRequest, add


def perform(step: Step, where: Where, progress: Progress) -> Performed:
    """Add the capability, and tell what it brought."""
    args = {name: value for name, value in step.args.items() if name != "capability"}
    result = add(AddRequest(capability=step.args["capability"], args=args, **dict(where)), progress)
    refusal = result.refusal
    return Performed(
        step=step,
        done=result.done,
        landed=result.landed,
        facts=facts_of(result.explanation, result.proof, result.diff),
        error=refusal.reason if refusal else "" if result.done else failed_steps(result.proof),
        hint=refusal.hint if refusal else "",
        result=result,
    )
