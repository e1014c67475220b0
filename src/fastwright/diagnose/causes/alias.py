"""Sent under another name.

The field has an alias (often camelCase, by `alias_generator`), and only that is accepted in a request, unless the
model has `populate_by_name` (`validate_by_name`). Or it is the other way round, and the name is only misspelt.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastwright.diagnose import values
from fastwright.diagnose.answers import Loc, Refused
from fastwright.diagnose.describing import declared
from fastwright.diagnose.request import Request
from fastwright.diagnose.sampling import Sampler
from fastwright.diagnose.scene import Found, Mend, Scene

RANK = 30


def find(scene: Scene) -> Iterator[Found]:
    taken: set[Loc] = set()
    for refused in scene.claim("missing"):
        name = _other_name(scene, refused, taken)
        if name is None:
            scene.release(refused)
            continue
        there = (*refused.loc[:-1], name)
        taken.add(there)
        yield scene.found(
            refused,
            expected=f"the name {refused.loc[-1]}",
            why=f"{declared(refused)}; in a request it is called {refused.loc[-1]}, and {name} was sent",
            fix=f"rename {name} to {refused.loc[-1]}",
            mend=_renamed(there, str(refused.loc[-1])),
        )
    for refused in scene.claim("extra_forbidden"):
        if refused.loc not in taken:
            scene.release(refused)


def _other_name(scene: Scene, refused: Refused, taken: set[Loc]) -> str | None:
    """Return the name that the value was sent under: one that nothing else is called."""
    if len(refused.loc) < 2 or refused.loc[0] not in ("body", "query"):
        return None
    known = _known(scene, refused)
    names = [name for name in _sent(scene, refused.loc) if name not in known and (*refused.loc[:-1], name) not in taken]
    wanted = str(refused.loc[-1])
    own = refused.at.name if refused.at else ""
    for name in names:
        if name == own or _plain(name) in (_plain(wanted), _plain(own) if own else None):
            return name
    similar = difflib.get_close_matches(wanted.lower(), [name.lower() for name in names], n=1, cutoff=0.72)
    return next((name for name in names if similar and name.lower() == similar[0]), None)


def _sent(scene: Scene, loc: Loc) -> Sequence[str]:
    if loc[0] == "query":
        return [name for name, _value in scene.request.query]
    parent = scene.value(loc[:-1]) if scene.request.form is None else scene.value(("body",))
    return list(parent) if isinstance(parent, dict) else []


def _known(scene: Scene, refused: Refused) -> set[str]:
    """Return the names that mean something there."""
    if refused.loc[0] == "query":
        return {field.alias for field in scene.operation.of("query")}
    schema = scene.body_schema
    sampler = Sampler(schema.get("$defs", {}))
    for key in refused.loc[1:-1]:
        schema = sampler.below(schema, key)
    return set(sampler.resolved(schema).get("properties", {}))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _renamed(loc: Loc, name: str) -> Mend:
    def change(request: Request) -> Request:
        if loc[0] == "query":
            pairs = tuple((name if known == loc[-1] else known, value) for known, value in request.query)
            return replace(request, query=pairs)
        if request.form is not None:
            moved = request.get(loc)
            return request.set((*loc[:-1], name), None if isinstance(moved, values.Missing) else moved).without(loc)
        whole = request.json
        return request if isinstance(whole, values.Missing) else request.with_json(values.renamed(whole, loc[1:], name))

    return change
