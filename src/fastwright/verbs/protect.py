"""`protect`: the app's own guard on the endpoints under a path, proven on a copy before it lands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fastwright.changes import Change
from fastwright.project.where import Where
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.ground import Ground, standing_on
from fastwright.proof.model import Progress, silent
from fastwright.proof.promise import AccessChange
from fastwright.proof.protected import Protection
from fastwright.recipes._accounts.credentials import credentials
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._signed_tests import signed_tests
from fastwright.recipes.protect import AccessPlan, Wish
from fastwright.recipes.protect import protect as plan_protection
from fastwright.verbs.explanation import EndpointAccess, Explanation
from fastwright.verbs.landing import Landing


class ProtectRequest(Where):
    """What to protect in which project, and how to import it."""

    path: str
    methods: tuple[str, ...] = ()
    role: str | None = None
    exceptions: tuple[str, ...] = ()
    dry_run: bool = False


class ProtectResult(Landing):
    """What was done. `access` is what was announced, and what was seen where a proof was run."""

    access: tuple[AccessChange, ...] = ()


# Is told the plan before anything is staged, and ends all by an exception if that is not wanted.
Announce = Callable[[AccessPlan], None]


def protect(request: ProtectRequest, progress: Progress = silent, announce: Announce | None = None) -> ProtectResult:
    """Plan the guard, prove it on a copy, and land it. Raises `InputError` if nothing matches or can be read."""
    with standing_on(request) as ground:
        wish = Wish(request.path, request.methods, request.role, request.exceptions)
        known = Known(ground.reading.project, ground.source)
        answer = plan_protection(known, wish)
        if not isinstance(answer, AccessPlan):
            return ProtectResult.unchanged(f"protect {wish.shown}", answer)
        if announce is not None:
            announce(answer)
        result = _carry_out(request, ground, known, answer, progress)
    signed = _with_signed_tests(known, answer, result)
    if signed is None:
        return result
    if announce is not None:
        announce(signed)
    with standing_on(request) as ground:
        again = _carry_out(request, ground, known, signed, progress)
    return again if again.done else result


def _with_signed_tests(known: Known, plan: AccessPlan, result: ProtectResult) -> AccessPlan | None:
    """Return the plan with credentials for the tests that want them, if all of those can be given any.

    There is none where something else than the tests has failed.
    """
    if [step.name for step in result.proof.failures] != ["tests"] or not result.broken_tests:
        return None
    signed = signed_tests(known, plan.promise.closes, result.broken_tests, plan.promise.role)
    if signed.left:
        return None
    change = Change(summary=plan.change.summary, operations=(*plan.change.operations, *signed.operations))
    return replace(plan, change=change, decisions=(*plan.decisions, *signed.told))


def _carry_out(
    request: ProtectRequest, ground: Ground, known: Known, plan: AccessPlan, progress: Progress
) -> ProtectResult:
    protection = Protection(plan.promise, credentials(known))
    carried = carry_out(ground, plan.change, protection, dry_run=request.dry_run, progress=progress)
    if carried.refused is not None:
        refused = carried.refused
        return _refused(plan, Refusal(reason=refused.reason, hint=refused.hint or "attach the guard by hand"))
    if carried.changes_nothing:
        reason = "the source has this guard at these places already, and the app does not refuse anybody for it"
        return _refused(plan, Refusal(reason=reason, hint="see why the guard lets everybody through: fastwright map"))
    access = protection.changes or planned_access(plan)
    return ProtectResult.of(carried, _explanation(plan, carried), access=access)


def planned_access(plan: AccessPlan) -> tuple[AccessChange, ...]:
    """Return the list that is shown before anything is done."""
    return tuple(
        AccessChange(
            method=one.method,
            path=one.path,
            before="anybody" if one.was_open else "any user",
            after=f"whom {one.expression} lets through",
        )
        for one in plan.promise.closes
    )


def _explanation(plan: AccessPlan, carried: Carried | None = None) -> Explanation:
    closed = plan.promise.closes
    who = plan.promise.role or "callers with credentials"
    return Explanation(
        summary=f"{plan.change.summary}: {_counted(len(closed))} for {who} from now on",
        endpoints=tuple(EndpointAccess(method=one.method, path=one.path, access=who) for one in closed),
        decisions=plan.decisions,
        risks=(*plan.risks, *(carried.not_proven if carried else ())),
        alternatives=plan.alternatives,
        next_steps=("git diff", "fastwright undo  # takes it back") if carried and carried.landed else (),
    )


def _counted(count: int) -> str:
    return "1 endpoint is" if count == 1 else f"{count} endpoints are"


def _refused(plan: AccessPlan, refusal: Refusal) -> ProtectResult:
    return ProtectResult(
        change=plan.change, explanation=_explanation(plan), access=planned_access(plan), refusal=refusal
    )
