"""Carry out a plan that was broken on purpose: whatever is wrong with it, the proof has to see it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from fastwright.changes import Change, Operation
from fastwright.changes.operation import read_operation
from fastwright.project.where import Where
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.ground import standing_on
from fastwright.recipes._catalog import recipe_named
from fastwright.recipes._recipe import Plan
from fastwright.verbs.add import wish_of
from fastwright.verbs.rehearsing import knowing
from tests.recipes.account_apps import App

Edit = Callable[[Operation], Operation | None]


def broken(app: App, capability: str, edit: Edit, **args: Any) -> Carried:
    """Plan a capability, put every operation through `edit`, and carry out what is left of it."""
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        recipe = recipe_named(capability)
        plan = recipe.plan(knowing(ground), wish_of(recipe, args))
        assert isinstance(plan, Plan)
        kept = tuple(one for one in map(edit, plan.change.operations) if one is not None)
        assert kept != plan.change.operations, "nothing was broken"
        return carry_out(ground, Change(summary=plan.change.summary, operations=kept), plan.promise, dry_run=True)


def without(kind: str) -> Edit:
    """Return what leaves out the operations of a kind."""
    return lambda operation: None if operation.kind == kind else operation


def swapped(old: str, new: str) -> Edit:
    """Return what replaces a text in new code, and in expressions."""

    def edit(operation: Operation) -> Operation:
        text = operation.model_dump_json()
        return read_operation(json.loads(text.replace(_as_json(old), _as_json(new))))

    return edit


def altered(kind: str, **values: Any) -> Edit:
    """Return what gives the operations of a kind other values."""
    return lambda operation: operation.model_copy(update=values) if operation.kind == kind else operation


def _as_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def broken_steps(carried: Carried) -> set[str]:
    """Return the steps that did not hold. A proof without steps is not proven either."""
    assert not carried.proof.proven
    assert not carried.landed
    return {step.name for step in carried.proof.failures}


def evidence(result: Any, step: str = "promise") -> str:
    """Return what a step has seen."""
    return next(one.evidence for one in result.proof.steps if one.name == step)


def more_tests(result: Any) -> int:
    """Return how many tests more pass than before."""
    before, now = re.findall(r"\d+", evidence(result, "tests"))[:2]
    return int(now) - int(before)


def one_test_more(result: Any) -> bool:
    """Tell whether just one test more passes than before."""
    return more_tests(result) == 1
