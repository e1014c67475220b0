"""A header under another spelling.

In Python a header parameter has underscores (`x_token`), in a request it has hyphens: `X-Token`. FastAPI converts the
name, unless it is told `convert_underscores=False`; then the underscores are meant. Some proxies drop headers with
underscores.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import Loc
from fastwright.diagnose.describing import declared
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene

RANK = 25


def find(scene: Scene) -> Iterator[Found]:
    for refused in scene.claim("missing"):
        name = _spelt(scene, str(refused.loc[-1])) if refused.loc[0] == "header" else ""
        if not name:
            scene.release(refused)
            continue
        yield scene.found(
            refused,
            expected=f"a header called {refused.loc[-1]}",
            why=f"{declared(refused)}; in a request it is called {refused.loc[-1]}, and {name} was sent",
            fix=f"call it {refused.loc[-1]}",
            mend=_respelt(name, refused.loc),
        )


def _spelt(scene: Scene, wanted: str) -> str:
    def plain(name: str) -> str:
        return name.lower().replace("_", "-").removeprefix("x-")

    return next((name for name, _value in scene.request.headers if plain(name) == plain(wanted)), "")


def _respelt(name: str, loc: Loc) -> Mend:
    def change(request: Request) -> Request:
        value = request.header(name) or ""
        return request.with_header(name, "").with_header(str(loc[-1]), value)

    return change
