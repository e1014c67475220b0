"""`check` as a step. Findings are what it was asked for, so that it is done whether there are any or not."""

from __future__ import annotations

from collections import Counter

from fastwright.agent.facts import Facts, Performed
from fastwright.agent.plan import Step
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.check import CheckRequest, check

_SHOWN = 20


def perform(step: Step, where: Where, progress: Progress) -> Performed:  # noqa: ARG001 - every step takes it
    """Audit the project, and tell each finding with its place."""
    category = step.args.get("category")
    result = check(CheckRequest(under=step.args.get("path", ""), select=(category,) if category else (), **dict(where)))
    counts = Counter(one.severity for one in result.findings)
    told = ", ".join(f"{count} {severity}" for severity, count in counts.items())
    lines = [f"{one.file}:{one.line} {one.rule}: {one.message}" for one in result.findings[:_SHOWN]]
    more = len(result.findings) - _SHOWN
    return Performed(
        step=step,
        done=True,
        facts=Facts(
            summary=f"{len(result.findings)} findings ({told})" if told else "no findings",
            findings=(*lines, *([f"and {more} more: fastwright check"] if more > 0 else [])),
            risks=("No finding is no promise that nothing is wrong.",) if not result.findings else (),
            not_proven=result.notes,
        ),
        result=result,
    )
