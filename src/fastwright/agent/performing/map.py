"""`map` as a step."""

from __future__ import annotations

from fastwright.agent.facts import Facts, Performed
from fastwright.agent.plan import Step
from fastwright.project.where import Where
from fastwright.proof.model import Progress
from fastwright.verbs.map import MapRequest, map_project


def perform(step: Step, where: Where, progress: Progress) -> Performed:  # noqa: ARG001 - every step takes it
    """Tell the endpoints and who may call them."""
    found = map_project(MapRequest(**dict(where)))
    counts = found.counts
    lines = tuple(
        f"{one.method} {one.path}: {_who(one.auth.roles, required=one.auth.required)}" for one in found.endpoints
    )
    return Performed(
        step=step,
        done=True,
        facts=Facts(
            summary=f"{counts['endpoints']} endpoints ({counts['open']} open), {counts['models']} models",
            findings=lines,
            not_proven=tuple(f"{one.subject}: {one.reason}" for one in found.unresolved),
        ),
        result=found,
    )


def _who(roles: tuple[str, ...], *, required: bool) -> str:
    return " or ".join(roles) if roles else "authenticated" if required else "anybody"
