"""Tests of what a recipe adds to endpoints: about rows that tests can make, by callers that tests can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastwright.changes.operation import Operation
from fastwright.proof.model import NotDone, StepFailed
from fastwright.recipes._app.testing import test_style
from fastwright.recipes._recipe import Known, Rehearsal
from fastwright.recipes._suite.contract import Contract
from fastwright.recipes._suite.landing import fixture, is_there, written
from fastwright.recipes._suite.observing import Observer, Seen
from fastwright.recipes._suite.signing_in import SignIn, signing_in
from fastwright.recipes._suite.things import Thing, things, with_needs
from fastwright.recipes._suite.writing import Module

# What is to be tested about a thing, if anything is.
Wanted = Callable[[Thing], Seen | None]


def tests_about(known: Known, name: str, about: str, wanted: Wanted) -> list[Operation]:
    """Return the tests about the first thing that is wanted and can be created, in a project that has some."""
    style = test_style(known)
    if style is None or known.rehearsal is None:
        return []
    try:
        found = _found(known, known.rehearsal, wanted)
    except (NotDone, StepFailed):  # the app cannot be asked: the promise will say so
        return []
    if found is None:
        return []
    seen, needed, sign_in = found
    module = Module(name, about, style, {one.name: one for one in needed}, sign_in, [seen])
    if is_there(known, module):
        return []
    return [*fixture(known, style, module.needed_account), *written(known, [module])]


def _found(known: Known, rehearsal: Rehearsal, wanted: Wanted) -> tuple[Seen, Sequence[Thing], SignIn | None] | None:
    """Return what is to be tested, the things that this needs, and how to become a caller."""
    contract = Contract(rehearsal)
    every = [one for one in known.project.endpoints if one.kind == "operation" and one.in_schema]
    made = things(known, contract, every)
    chosen = [(thing, seen) for thing in made if (seen := wanted(thing)) is not None]
    if not chosen:
        return None
    sign_in = signing_in(known, rehearsal)
    needed = with_needs(made, [thing.name for thing, _seen in chosen])
    answered, _odd = Observer(rehearsal, contract, sign_in, needed).observe([one.create for one in needed])
    created = {one.thing.name for one in answered if one.kind == "create" and one.thing}
    for thing, seen in chosen:
        if thing.name in created:
            return seen, with_needs(made, [thing.name]), sign_in
    return None
