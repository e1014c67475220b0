"""The tests of a new resource: what callers can do with it, and that strangers cannot, where there is a guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastwright.changes import Operation
from fastwright.proof.model import NotDone, StepFailed
from fastwright.recipes._recipe import Known
from fastwright.recipes._resource.shape import Shape
from fastwright.recipes._suite.landing import fixture
from fastwright.recipes._suite.signing_in import SignIn, signing_in

_SHOWN = 30


def resource_tests(new: Shape) -> list[Operation]:
    """Return tests, where they need no rows of others, and no roles that nobody has who has just registered."""
    known = new.app.known
    is_guarded = bool(new.guards) or new.owner is not None
    if any(one.target and one.required and one.name != new.owned for one in new.members):
        return []
    has_role = any(chosen.guard.roles or chosen.scopes for chosen in new.guards.values())
    account = _account(known) if is_guarded and not has_role else None
    if is_guarded and account is None and "write" not in new.guards:
        return []
    sample = {one.name: one.sample for one in new.bodies if not one.target}
    style = new.app.tests
    written = new.app.test(
        "resource/test.py",
        new.many,
        one=new.one,
        many=new.many,
        constant=new.one.upper(),
        body=repr(sample),
        wrong=_written([wrong for wrong in new.wrongs if next(iter(wrong)) not in new.keys]),
        route=new.route,
        method="patch" if new.has_update else "put",
        key=new.table.key.name,
        path=new.path,
        is_guarded=is_guarded,
        account=account,
    )
    return [*fixture(known, style, account), *written] if written and style and account else written


def _account(known: Known) -> SignIn | None:
    """Return how tests become callers, or nothing if they cannot."""
    try:
        return signing_in(known, known.rehearsal) if known.rehearsal else None
    except (NotDone, StepFailed):  # it does not end, or is not there: tests would not get further
        return None


def _written(wrongs: Sequence[Mapping[str, object]]) -> str:
    """Return bodies as Python; a text that is too long is told by its length."""
    pairs = (f"{name!r}: {_value(value)}" for wrong in wrongs for name, value in wrong.items())
    return "[" + ", ".join(f"{{{pair}}}" for pair in pairs) + "]"


def _value(value: object) -> str:
    is_long = isinstance(value, str) and len(value) > _SHOWN and len(set(value)) == 1
    return f"{str(value)[0]!r} * {len(str(value))}" if is_long else repr(value)
