"""One refusal a value: validation tells of every member of a union that a value could not be, one by one."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Loc, Refused, Route
from fastwright.diagnose.request import Request

_STRUCTURAL = frozenset({"missing", "extra_forbidden"})


def grouped(refused: Sequence[Refused], request: Request, route: Route | None) -> list[Refused]:
    """Return the refusals with locations as they are in the request: of a union, those of its likeliest member."""
    found: list[Refused] = []
    seen: dict[tuple[Loc, Loc], list[Refused]] = {}
    for one in refused:
        loc, label, at = real(one, request)
        placed = one.model_copy(update={"loc": loc})
        if label:
            seen.setdefault((at, label), []).append(placed)
        else:
            found.append(placed)
    for at in dict.fromkeys(key[0] for key in seen):
        members = {label: ones for (place, label), ones in seen.items() if place == at}
        found.extend(_likeliest(members, at, request, route))
    return _once(found)


def real(refused: Refused, request: Request) -> tuple[Loc, Loc, Loc]:
    """Return the location without names of union members, those names, and where the union is."""
    loc = refused.loc
    if not loc or loc[0] != "body" or request.form is not None:
        return _parameter(loc)
    value = request.json
    kept: list[str | int] = []
    labels: list[str | int] = []
    at: Loc = ()
    for number, key in enumerate(loc[1:], 1):
        below = values.get(value, (key,))
        is_last = number == len(loc) - 1
        if not isinstance(below, values.Missing):
            kept.append(key)
            value = below
        elif isinstance(value, values.Missing) or (is_last and refused.type in _STRUCTURAL):
            kept.append(key)
        else:
            labels.append(key)
            at = at or ("body", *kept)
    if _is_tagged(labels, values.get(request.json, at[1:])):
        return ("body", *kept), (), ()
    return ("body", *kept), tuple(labels), at


def _is_tagged(labels: list[str | int], union: JsonValue | values.Missing) -> bool:
    """Tell whether the member was chosen by a tag in the value, so that there is no other one."""
    return isinstance(union, dict) and bool(labels) and labels[0] in list(union.values())


def _parameter(loc: Loc) -> tuple[Loc, Loc, Loc]:
    """Return the location of a parameter: a name, and a number if it is a list."""
    if len(loc) > 2 and isinstance(loc[-1], str) and loc[0] != "body":
        return loc[:2], loc[2:], loc[:2]
    return loc, (), ()


def _likeliest(members: dict[Loc, list[Refused]], at: Loc, request: Request, route: Route | None) -> list[Refused]:
    """Return the refusals of the member that the value is most like: an object is, of the one with fewest faults."""
    value = request.get(at, route) if at else values.MISSING

    def distance(label: Loc) -> tuple[bool, int]:
        ones = members[label]
        is_other_kind = isinstance(value, dict | list) and all(one.loc == at for one in ones)
        return is_other_kind, len(ones)

    return members[min(members, key=distance)] if len(members) > 1 else next(iter(members.values()))


def _once(refused: list[Refused]) -> list[Refused]:
    seen: set[tuple[Loc, str]] = set()
    found: list[Refused] = []
    for one in refused:
        if (one.loc, one.type) not in seen:
            seen.add((one.loc, one.type))
            found.append(one)
    return found
