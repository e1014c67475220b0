"""Bring steps in order: what must exist first comes first, and only if it is missing; nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fastwright.agent.plan import Step
from fastwright.agent.project import Endpoint, ProjectView


def sequence(steps: Sequence[Step], project: ProjectView) -> list[Step]:
    """Return the steps with what they need before them, and without those that others cover."""
    wanted = _merged([step for place, step in enumerate(steps) if not _is_covered(step, steps, place, project)])
    roles = [str(step.args["role"]) for step in wanted if step.args.get("role")]
    needs_roles = bool(roles) and not project.roles
    needs_auth = not project.auth and any(step.verb == "protect" or _is(step, "roles") for step in wanted)
    first: list[Step] = []
    if needs_auth and not _is_before(wanted, "auth"):
        wanted = [step for step in wanted if not _is(step, "auth")]
        first.append(Step(verb="add", args={"capability": "auth"}, reason="a guard needs sign-in, and there is none"))
    if needs_roles and not _is_before(wanted, "roles"):
        named = [role for step in wanted if _is(step, "roles") for role in step.args.get("roles", ())]
        wanted = [step for step in wanted if not _is(step, "roles")]
        first.append(Step(
            verb="add", args={"capability": "roles", "roles": list(dict.fromkeys([*named, *roles]))},
            reason="a guard for a role needs roles, and there are none",
        ))  # fmt: skip
    place = next((at for at, step in enumerate(wanted) if step.verb == "protect" or _is(step, "roles")), len(wanted))
    return [*wanted[:place], *first, *wanted[place:]]


def _is(step: Step, capability: str) -> bool:
    return step.verb == "add" and step.args.get("capability") == capability


def _is_before(steps: Sequence[Step], capability: str) -> bool:
    """Whether the capability is added before the first step that needs it."""
    for step in steps:
        if _is(step, capability):
            return True
        if step.verb == "protect" or (capability == "auth" and _is(step, "roles")):
            return False
    return False


def _is_covered(step: Step, steps: Sequence[Step], place: int, project: ProjectView) -> bool:
    """Whether another step does all that this one does."""
    for other_place, other in enumerate(steps):
        if other_place == place or other.verb != step.verb or _rest(other.args) != _rest(step.args):
            continue
        mine, theirs = covered(step.args, project), covered(other.args, project)
        if mine < theirs or (mine == theirs and other_place < place):
            return True
    return False


def _merged(steps: Sequence[Step]) -> list[Step]:
    """Return the steps, those on one path that differ in nothing but the methods as one."""
    found: list[Step] = []
    for step in steps:
        same = next(
            (one for one in found if one.verb == step.verb == "protect" and _but_methods(one) == _but_methods(step)),
            None,
        )
        if same is not None and same.args.get("methods") and step.args.get("methods"):
            methods = list(dict.fromkeys([*same.args["methods"], *step.args["methods"]]))
            found[found.index(same)] = same.model_copy(update={"args": {**same.args, "methods": methods}})
        else:
            found.append(step)
    return found


def _but_methods(step: Step) -> dict[str, Any]:
    return {key: value for key, value in step.args.items() if key != "methods"}


def _rest(args: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in args.items() if key not in {"path", "methods", "except"}}


def covered(args: dict[str, Any], project: ProjectView) -> frozenset[tuple[str, str]]:
    """Return the endpoints (method and path) that a step with these arguments reaches."""
    path = args.get("path")
    methods = args.get("methods") or ()
    return frozenset(
        (one.method, one.path)
        for one in project.endpoints
        if (path is None or below(one, str(path)))
        and (not methods or one.method in methods)
        and not any(below(one, exception) for exception in args.get("except") or ())
    )


def below(endpoint: Endpoint, path: str) -> bool:
    """Return whether an endpoint is at a path, or below it."""
    wanted: Iterable[str] = [part for part in path.split("/") if part]
    return list(endpoint.segments[: len(list(wanted))]) == list(wanted)
