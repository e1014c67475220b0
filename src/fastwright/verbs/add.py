"""`add`: a capability that an app does not have yet, in the app's own style, proven on a copy before it lands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field, ValidationError

from fastwright.changes import Change, Operation
from fastwright.errors import InputError
from fastwright.project.source import is_test
from fastwright.project.where import Where
from fastwright.proof.access import Access, Callers
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.contract import Contract
from fastwright.proof.ground import standing_on
from fastwright.proof.model import Progress, silent
from fastwright.recipes._catalog import recipe_named
from fastwright.recipes._recipe import AnyRecipe, Plan, Refusal, Wish
from fastwright.verbs.explanation import EndpointAccess, Explanation
from fastwright.verbs.landing import Landing
from fastwright.verbs.rehearsing import knowing

_BY_HAND = "add it by hand, then: fastwright prove"


class AddRequest(Where):
    """What to add to which project, and how to import it. `args` are the options of the capability, by their names."""

    capability: str
    args: dict[str, Any] = Field(default_factory=dict)
    dry_run: bool = False


class AddResult(Landing):
    """What was done, and which answers differ now."""

    capability: str
    access: tuple[Access, ...] = ()
    contract: Contract = Field(default_factory=Contract)


# Is told the plan before anything is staged, and ends all by an exception if that is not wanted.
Announce = Callable[[Plan], None]


def add(request: AddRequest, progress: Progress = silent, announce: Announce | None = None) -> AddResult:
    """Plan a capability, prove it on a copy, and land it.

    Raises `InputError` if there is no such capability, if its arguments are not such as it takes, or if the project
    cannot be read.
    """
    recipe = recipe_named(request.capability)
    wish = wish_of(recipe, request.args)
    with standing_on(request) as ground:
        answer = recipe.plan(knowing(ground), wish)
        if not isinstance(answer, Plan):
            return AddResult.unchanged(f"add {recipe.name}", answer, capability=recipe.name)
        if announce is not None:
            announce(answer)
        carried = carry_out(ground, answer.change, answer.promise, dry_run=request.dry_run, progress=progress)
    less = _without_tests(answer, carried)
    if less is not None:
        with standing_on(request) as ground:
            carried = carry_out(ground, less.change, less.promise, dry_run=request.dry_run, progress=progress)
    return _result(recipe, less or answer, carried)


def _without_tests(plan: Plan, carried: Carried) -> Plan | None:
    """Return the plan without its tests, where these alone do not pass: the promise held by real requests.

    That is so, above all, where the project's fixtures want something that is not here, such as a database.
    """
    tests = carried.tests
    if tests is None or [step.name for step in carried.proof.failures] != ["tests"]:
        return None
    if tests.failing or tests.missing or tests.skipped:
        return None
    kept = tuple(one for one in plan.change.operations if not is_test(_file_of(one)))
    if not kept:
        return None
    left = f"No test was written: {', '.join(tests.new_failing)} failed here, where the promise held by real requests."
    return replace(plan, change=Change(summary=plan.change.summary, operations=kept), risks=(left, *plan.risks))


def _file_of(operation: Operation) -> str:
    return str(getattr(operation, "file", "") or getattr(operation, "path", "") or ".")


def wish_of(recipe: AnyRecipe, args: Mapping[str, Any]) -> Wish:
    """Return what is wished for. Raises `InputError` if an argument is missing, unknown or wrong."""
    try:
        wish: Wish = recipe.wish.model_validate(dict(args))
    except ValidationError as error:
        wrong = "; ".join(_told(one["loc"], one["msg"]) for one in error.errors())
        names = ", ".join(field.alias or name for name, field in recipe.wish.model_fields.items())
        raise InputError(
            f"add {recipe.name}: {wrong}", hint=f"it takes {names}" if names else "it takes no arguments"
        ) from None
    return wish


def _told(loc: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, loc)) or 'arguments'}: {message.removeprefix('Value error, ')}"


def _result(recipe: AnyRecipe, plan: Plan, carried: Carried) -> AddResult:
    if carried.refused is not None:
        refusal = Refusal(reason=carried.refused.reason, hint=carried.refused.hint or _BY_HAND)
        return _refused(recipe, plan, refusal)
    if carried.changes_nothing:
        reason = "the source has all of it already, and yet the app does not behave so"
        return _refused(recipe, plan, Refusal(reason=reason, hint="see what the app does: fastwright map"))
    told = _explanation(plan, carried)
    return AddResult.of(carried, told, capability=recipe.name, access=carried.access, contract=carried.contract)


def _explanation(plan: Plan, carried: Carried | None = None) -> Explanation:
    new = [row for row in (carried.access if carried else ()) if row.before is None and row.after is not None]
    return Explanation(
        summary=plan.change.summary,
        endpoints=tuple(EndpointAccess(method=row.method, path=row.path, access=_who(row.after)) for row in new),
        decisions=plan.decisions,
        risks=(*plan.risks, *(carried.not_proven if carried else ())),
        alternatives=plan.alternatives,
        next_steps=("git diff", "fastwright undo  # takes it back") if carried and carried.landed else (),
    )


def _who(callers: Callers | None) -> str:
    if callers is None or callers.who == "anybody":
        return "anybody"
    return ", ".join(callers.roles) if callers.who == "roles" else "callers with credentials"


def _refused(recipe: AnyRecipe, plan: Plan, refusal: Refusal) -> AddResult:
    return AddResult(capability=recipe.name, change=plan.change, explanation=_explanation(plan), refusal=refusal)
