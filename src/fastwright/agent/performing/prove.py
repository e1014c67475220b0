"""`prove` as a step."""

from __future__ import annotations

from fastwright.agent.facts import Facts, Performed, failed_steps
from fastwright.agent.plan import Step
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.prove import ProveRequest, prove


def perform(step: Step, where: Where, progress: Progress) -> Performed:
    """Hold the work tree against its base."""
    result = prove(ProveRequest(base=step.args.get("base"), **dict(where)), progress)
    steps = result.proof.steps
    return Performed(
        step=step,
        done=result.verdict != "broken",
        facts=Facts(
            summary=f"your change against {result.base.commit[:8]}: {result.verdict}",
            files=result.base.files,
            proven=tuple(f"{one.title}: {one.evidence.strip()}" for one in steps if one.status == "passed"),
            not_proven=(
                *(f"{one.title}: {one.evidence.strip()}" for one in steps if one.status != "passed"),
                *(f"{name}: {reason}" for name, reason in result.absent.items()),
            ),
            risks=tuple(f"{one.method} {one.path} is open to anybody now" for one in result.became_public),
        ),
        error=failed_steps(result.proof) if result.verdict == "broken" else "",
        result=result,
    )
