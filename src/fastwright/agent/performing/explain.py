"""`explain` as a step."""

from __future__ import annotations

import shlex

from fastwright.agent.facts import Facts, Performed
from fastwright.agent.plan import Step
from fastwright.diagnose.inputs import Typed
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.explain import Explained, ExplainRequest, explain


def perform(step: Step, where: Where, progress: Progress) -> Performed:  # noqa: ARG001 - every step takes it
    """Tell why the request is refused, and what was sent and accepted instead."""
    found = explain(
        ExplainRequest(typed=Typed(endpoint=step.args["endpoint"], body=step.args.get("body")), **dict(where))
    )
    return Performed(step=step, done=True, facts=_facts(step, found), result=found)


def _facts(step: Step, found: Explained) -> Facts:
    endpoint = step.args["endpoint"]
    problems = tuple(
        f"{'.'.join(map(str, one.loc))}: {'; '.join(filter(None, (one.why, one.fix)))}" for one in found.problems
    )
    accepted = tuple(
        f"a {one.name} request was sent and answered {one.status}" for one in found.examples if one.verified
    )
    corrected = (f"the corrected request was sent and answered {found.corrected_status}",) if found.verified else ()
    shown = found.corrected or next((one.request for one in found.examples if one.verified), None)
    counted = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
    return Facts(
        summary=f"{endpoint}: {counted if problems else 'what it accepts'}",
        findings=problems
        or tuple(_accepts(one.part, one.name, one.type, required=one.required) for one in found.accepts),
        proven=(*corrected, *accepted),
        not_proven=found.notes,
        next_steps=(*((shown.curl,) if shown and shown.curl else ()), *_offered(step, found)),
    )


def _offered(step: Step, found: Explained) -> tuple[str, ...]:
    """Return how the change is made that lets the app accept the request; it never is from here."""
    if found.change is None:
        return ()
    body = f" --body {shlex.quote(step.args['body'])}" if step.args.get("body") else ""
    return (f"fastwright explain '{step.args['endpoint']}'{body} --fix  # {found.change.summary}",)


def _accepts(part: str, name: str, kind: str, *, required: bool) -> str:
    return f"{part} {name}: {kind}{', required' if required else ''}"
