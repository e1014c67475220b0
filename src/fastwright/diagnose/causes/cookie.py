"""A cookie is missing.

The endpoint reads a value from a cookie. It was sent in a header of its own or in the query, or not at all: browsers
send cookies only to the domain and path that they were set for, and scripts only with `credentials: "include"`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose import values
from fastwright.diagnose.answers import Loc
from fastwright.diagnose.describing import declared
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene

RANK = 24


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("missing"):
        if refused.loc[0] != "cookie":
            scene.release(refused)
            continue
        name = str(refused.loc[-1])
        elsewhere = next((part for part in ("header", "query", "body") if _is_in(scene, part, name)), "")
        yield scene.found(
            refused,
            expected=f"a cookie called {name}",
            why=f"{declared(refused)} is read from a cookie"
            + (f", and it was sent in the {elsewhere}" if elsewhere else ""),
            fix=f"send it as a cookie: -b '{name}=…'",
            mend=_moved((elsewhere, name), refused.loc) if elsewhere else None,
        )


def _is_in(scene: Scene, part: str, name: str) -> bool:
    return not isinstance(scene.value((part, name)), values.Missing)


def _moved(there: Loc, here: Loc) -> Mend:
    def change(request: Request) -> Request:
        value = request.get(there)
        return request if isinstance(value, values.Missing) else request.set(here, value).without(there)

    return change
