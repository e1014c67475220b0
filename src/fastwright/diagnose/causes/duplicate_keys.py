"""A key is there twice.

JSON with the same key twice in one object is read without complaint, and the last one counts: a value that you see in
the body may not be the one that was validated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from fastwright.diagnose.answers import Refused
from fastwright.diagnose.describing import declared, kind_of, quoted
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene

RANK = 36


def find(scene: Scene) -> Iterator[Found]:
    twice = _twice(scene.request)
    if not twice:
        return
    for refused in scene.claim("*"):
        name = str(refused.loc[-1]) if refused.loc[:1] == ("body",) else ""
        if name not in twice:
            scene.release(refused)
            continue
        values = twice[name]
        yield scene.found(
            refused,
            expected=f"{name} once: {kind_of(refused)}",
            why=f"{declared(refused)}; {name} is there {len(values)} times: the last, {quoted(values[-1])}, counts",
            fix=f"send {name} once",
            mend=_with(refused, values[0]),
        )


def _twice(request: Request) -> Mapping[str, list[JsonValue]]:
    """Return the values of every key that is there more than once in one object."""
    found: dict[str, list[JsonValue]] = {}

    def keep(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        names = [name for name, _value in pairs]
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                found[name] = [value for known, value in pairs if known == name]
        return dict(pairs)

    try:
        json.loads(request.content, object_pairs_hook=keep)
    except ValueError:
        return {}
    return found


def _with(refused: Refused, value: JsonValue) -> Mend:
    def change(request: Request) -> Request:
        return request.set(refused.loc, value)

    return change
