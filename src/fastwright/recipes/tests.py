"""Tests for the endpoints that are there: what they answer when well called, and when not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import Field

from fastwright.changes import Change
from fastwright.project.model import Endpoint
from fastwright.proof.model import NotDone, StepFailed
from fastwright.recipes._app import accounts
from fastwright.recipes._app.packages import packages
from fastwright.recipes._app.testing import TestStyle, test_style
from fastwright.recipes._paths import below
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Rehearsal, Wish
from fastwright.recipes._suite.client import FirstClient, first_client
from fastwright.recipes._suite.contract import Contract
from fastwright.recipes._suite.landing import file_of, fixture, is_there, names, written
from fastwright.recipes._suite.observing import Observer, Seen
from fastwright.recipes._suite.promise import TestsPromise
from fastwright.recipes._suite.signing_in import SignIn, signing_in
from fastwright.recipes._suite.things import Thing, group_of, things, with_needs
from fastwright.recipes._suite.writing import Module


class Tests(Wish):
    """Of which endpoints."""

    positional: ClassVar[tuple[str, ...]] = ("path",)

    path: str = Field(default="/", description="A path; the endpoints at and below it are tested.")


def plan(known: Known, wish: Tests) -> Answer:
    """Return the plan. Raises `InputError` if no endpoint is there."""
    wanted = [one for one in below(known.project.endpoints, wish.path) if one.kind == "operation" and one.in_schema]
    if known.rehearsal is None or not wanted:
        return Refusal(reason="there is no endpoint that could be asked", hint="fastwright map")
    missing = _missing(known)
    if missing:
        return Refusal(
            reason=f"{missing} is not in the project's environment, so that no test could be tried",
            hint=f"install it: {known.project.app.python} -m pip install {missing}; then ask again",
        )
    style = test_style(known)
    first = first_client(known) if style is None else None
    if isinstance(first, Refusal):
        return first
    try:
        return _planned(known, known.rehearsal, first or style, wanted)
    except (NotDone, StepFailed) as error:
        return Refusal(reason=f"the app could not be asked: {error}", hint="see what it needs: fastwright map")


def _missing(known: Known) -> str:
    """Return what tests of an app need, and is not there."""
    there = packages(known)
    if "pytest" not in there:
        return "pytest"
    return "" if there & {"httpx", "httpx2"} else "httpx"


def _planned(
    known: Known, rehearsal: Rehearsal, client: FirstClient | TestStyle | None, wanted: Sequence[Endpoint]
) -> Answer:
    first = client if isinstance(client, FirstClient) else None
    style = client.style if isinstance(client, FirstClient) else client
    assert style is not None  # noqa: S101 - without one, there is a first
    contract, sign_in = Contract(rehearsal), signing_in(known, rehearsal)
    every = [one for one in known.project.endpoints if one.kind == "operation" and one.in_schema]
    signing = accounts.sign_in(known)
    creatable = [one for one in things(known, contract, every) if signing is None or one.path != signing.path]
    needed = _needed(creatable, wanted)
    asked = [one for one in every if one in wanted or any(one is thing.create for thing in needed)]
    seen, odd = Observer(rehearsal, contract, sign_in, needed).observe(asked)
    seen = [one for one in seen if one.endpoint in wanted]
    made = {thing.name: thing for thing in needed}
    modules = [
        Module(f"{group}_endpoints", f"What {group} answers: well called, and not.", style, made, sign_in, part)
        for group, part in _grouped(style, seen).items()
    ]
    new = [module for module in modules if not is_there(known, module)]
    if not new:
        return _nothing(modules, odd)
    tested = tuple(one for module in new for one in module.seen)
    groups = dict.fromkeys(group_of(one.endpoint.path) for one in tested)
    account = next((found for module in new if (found := module.needed_account) is not None), None)
    client_of = [first.written(account)] if first else fixture(known, style, account)
    return Plan(
        change=Change(summary=f"tests of {', '.join(groups)}", operations=(*client_of, *written(known, new))),
        promise=TestsPromise(tuple(name for module in new for name in names(module)), tested),
        decisions=tuple(_decisions(tested, sign_in)),
        risks=tuple(_risks(wanted, tested, odd)),
        alternatives=("Bodies of all kinds at random, against the schema: schemathesis does that, and is slower.",),
    )


def _needed(made: Sequence[Thing], wanted: Sequence[Endpoint]) -> tuple[Thing, ...]:
    """Return the things that the endpoints are about, and those that must be there before."""
    groups = {group_of(one.path) for one in wanted}
    return with_needs(made, [thing.name for thing in made if group_of(thing.create.path) in groups])


def _grouped(style: TestStyle, seen: Sequence[Seen]) -> dict[str, list[Seen]]:
    """Return what was seen by subject: a module each, or one for all where the client is at home in a test module."""
    groups: dict[str, list[Seen]] = {}
    for one in seen:
        groups.setdefault(group_of(one.endpoint.path) if style.is_shared else "endpoints", []).append(one)
    return groups


def _nothing(modules: Sequence[Module], odd: Sequence[str]) -> Already | Refusal:
    if modules:
        return Already(reason=f"tested in {', '.join(dict.fromkeys(file_of(one) for one in modules))}")
    return Refusal(
        reason="nothing was answered as it should be, so there is nothing to hold on to",
        hint="see what fails: fastwright explain 'METHOD PATH'",
        items=tuple(odd),
    )


def _decisions(seen: Sequence[Seen], sign_in: SignIn | None) -> Iterator[str]:
    endpoints = {(one.endpoint.method, one.endpoint.path) for one in seen}
    yield f"{len(seen)} requests to {len(endpoints)} endpoints: each was sent to the app as it is, and answered so."
    if sign_in is not None:
        yield f"Who has to be signed in signs up first, at POST {sign_in.register}: no token is made by hand."
    yield "Statuses are held to what they should be: what answered otherwise has no test, and is named below."


def _risks(wanted: Sequence[Endpoint], seen: Sequence[Seen], odd: Sequence[str]) -> Iterator[str]:
    done = {(one.endpoint.method, one.endpoint.path) for one in seen if one.kind not in ("anonymous", "unqualified")}
    left = [f"{one.method} {one.path}" for one in wanted if (one.method, one.path) not in done]
    if left:
        yield f"Only refusals, or nothing, are tested of {', '.join(left)}: they need a role, or other rows first."
    yield from odd


RECIPE = Recipe(
    name="tests",
    summary="tests for endpoints that are there, well called and not",
    wish=Tests,
    plan=plan,
    about=(
        "One module of pytest for each subject, with the client that the project's tests have: what is created, read, "
        "listed, changed and deleted, and what is refused with 401, 403, 404, 409 and 422. The app is asked first, and "
        "only what it answers as it should becomes a test. Proven: all pass on the app as it is, and some fail on "
        "each of several copies that were broken on purpose: a guard that lets everybody through, another status."
    ),
)
