"""Hold a plan against the project: what a model may have made up is found without asking it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from fastwright.agent.plan import Planned, Step
from fastwright.agent.project import ProjectView

# The arguments of each verb; those of `add` besides the capability are the recipe's to judge.
_TAKES: Mapping[str, frozenset[str]] = {
    "map": frozenset(),
    "check": frozenset({"path", "category"}),
    "protect": frozenset({"path", "methods", "role", "except"}),
    "optimize": frozenset({"path"}),
    "explain": frozenset({"endpoint", "body"}),
    "prove": frozenset({"base"}),
    "undo": frozenset(),
    "new": frozenset({"name", "resources"}),
}
_NEEDS: Mapping[str, str] = {"protect": "path", "explain": "endpoint", "new": "name", "add": "capability"}
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def problems(planned: Planned, project: ProjectView) -> list[str]:
    """Return what is wrong with a plan; nothing if every step can be taken on this project."""
    if planned.plan and planned.questions:
        return ["a plan with questions: ask, or plan"]
    if not (planned.plan or planned.questions or planned.explanation):
        return ["neither a plan nor a question nor a reason"]
    return [
        f"step {number}: {problem}"
        for number, step in enumerate(planned.plan, 1)
        for problem in _of_step(step, planned.plan[: number - 1], project)
    ]


def _of_step(step: Step, earlier: tuple[Step, ...], project: ProjectView) -> Iterator[str]:
    args = step.args
    needed = _NEEDS.get(step.verb)
    if needed and not args.get(needed):
        yield f"{step.verb} needs {needed}"
    unknown = set(args) - _TAKES.get(step.verb, frozenset(args))
    if unknown:
        yield f"{step.verb} does not take {', '.join(sorted(unknown))}"
    yield from _of_places(args, project)
    role = args.get("role")
    if role and role not in project.roles and not _makes_roles(earlier):
        yield f"there is no role {role!r}: ask about it"
    if step.verb == "protect" and not project.auth and not _adds("auth", earlier):
        yield "there is no sign-in: plan `add auth` before it"


def _of_places(args: Mapping[str, Any], project: ProjectView) -> Iterator[str]:
    paths = [args.get("path"), *_listed(args.get("except"))]
    for path in paths:
        if isinstance(path, str) and not any(_is_below(one.path, path) for one in project.endpoints):
            yield f"no endpoint is at or below {path!r}"
    for method in _listed(args.get("methods")):
        if method not in _METHODS:
            yield f"{method!r} is no method"
    endpoint = args.get("endpoint")
    if isinstance(endpoint, str) and endpoint not in {f"{one.method} {one.path}" for one in project.endpoints}:
        yield f"there is no endpoint {endpoint!r}"


def _is_below(path: str, prefix: str) -> bool:
    prefix = prefix.rstrip("/")
    return path.rstrip("/") == prefix or path.startswith(f"{prefix}/")


def _listed(value: object) -> list[Any]:
    return list(cast("Sequence[Any]", value)) if isinstance(value, list | tuple) else []


def _adds(capability: str, steps: tuple[Step, ...]) -> bool:
    return any(step.verb == "add" and step.args.get("capability") == capability for step in steps)


def _makes_roles(steps: tuple[Step, ...]) -> bool:
    return _adds("roles", steps)
