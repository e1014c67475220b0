"""`explain` as a step."""

from __future__ import annotations

from fastwright.agent.facts import Facts, Performed
from fastwright.agent.plan import Step
from fastwright.diagnose.inputs import Typed
from fastwright.diagnose.model import Diagnosis
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.explain import ExplainRequest, explain


def perform(step: Step, where: Where, progress: Progress) -> Performed:  # noqa: ARG001 - every step takes it
    """Tell why the request is refused, and what was sent and accepted instead."""
    found = explain(
        ExplainRequest(typed=Typed(endpoint=step.args["endpoint"], body=step.args.get("body")), **dict(where))
    )
    return Performed(step=step, done=True, facts=_facts(step, found), result=found)


def _facts(step: Step, found: Diagnosis) -> Facts:
    endpoint = step.args["endpoint"]
    problems = tuple(f"{'.'.join(map(str, one.loc))}: {one.why} {one.fix}".strip() for one in found.problems)
    accepted = tuple(
        f"a {one.name} request was sent and answered {one.status}" for one in found.examples if one.verified
    )
    corrected = (f"the corrected request was sent and answered {found.corrected_status}",) if found.verified else ()
    shown = found.corrected or next((one.request for one in found.examples if one.verified), None)
    return Facts(
        summary=f"{endpoint}: {len(problems)} problems" if problems else f"{endpoint}: what it accepts",
        findings=problems
        or tuple(_accepts(one.part, one.name, one.type, required=one.required) for one in found.accepts),
        proven=(*corrected, *accepted),
        not_proven=found.notes,
        next_steps=(shown.curl,) if shown and shown.curl else (),
    )


def _accepts(part: str, name: str, kind: str, *, required: bool) -> str:
    return f"{part} {name}: {kind}{', required' if required else ''}"
