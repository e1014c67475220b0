"""`protect` as a step."""

from __future__ import annotations

from fastwright.agent.facts import Performed, facts_of, failed_steps
from fastwright.agent.plan import Step
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.protect import ProtectRequest, protect


def perform(step: Step, where: Where, progress: Progress) -> Performed:
    """Guard the endpoints, and tell whose access changed."""
    args = step.args
    request = ProtectRequest(
        path=args["path"],
        methods=tuple(args.get("methods", ())),
        role=args.get("role"),
        exceptions=tuple(args.get("except", ())),
        **dict(where),
    )
    result = protect(request, progress)
    facts = facts_of(result.explanation, result.proof, result.diff)
    refusal = result.refusal
    error = refusal.reason if refusal else "" if result.done else failed_steps(result.proof)
    changes = tuple(f"{one.method} {one.path}: {one.before} → {one.after}" for one in result.access)
    return Performed(
        step=step,
        done=result.done,
        landed=result.landed,
        facts=facts.model_copy(update={"findings": changes}),
        error=error,
        hint=refusal.hint if refusal else "",
        result=result,
    )
