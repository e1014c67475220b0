"""Another route answers first.

Routes are tried in the order in which they were added. `/users/{user_id}` also matches `/users/me`, so if it comes
first, `me` is taken for an id, and the route that was meant is never reached. The server has to add `/users/me`
first.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.changes import Change
from fastwright.diagnose.answers import Route
from fastwright.diagnose.model import Problem
from fastwright.diagnose.proposing import proposed
from fastwright.diagnose.request import path_parameters
from fastwright.diagnose.scene import Found, Scene

RANK = 4


def find(scene: Scene) -> Iterator[Found]:
    route = scene.route
    if route is None or scene.answer.status not in (404, 422, 400):
        return
    meant = _meant(scene, route)
    if meant is None:
        return
    if scene.answer.status == 422 and not [one for one in scene.refused if one.loc[:1] == ("path",)]:
        return
    name, value = next(iter(path_parameters(scene.request.path, route).items()), ("", ""))
    scene.claim_answer()
    file, line = route.place.get("file"), route.place.get("line")
    place = f" ({meant.place.get('file')}:{meant.place.get('line')})" if meant.place.get("file") else ""
    yield Found(
        Problem(
            loc=("path", name),
            got=value,
            expected=f"an answer from {meant.name}{place}",
            why=f"{route.shown} ({route.name}, {file}:{line}) comes before {meant.shown} and matches",
            fix=f"add {meant.shown} before {route.shown}",
            cause="",
            side="server",
            file=file,
            line=line,
            change=_moved(route, meant),
        )
    )


def _moved(route: Route, meant: Route) -> Change | None:
    """Return what puts the route that was meant before the one that answers, where both are in one module."""
    if not route.place.get("file") or route.place.get("file") != meant.place.get("file"):
        return None
    given = {"function": meant.name, "before": route.name, "before_line": route.place.get("line")}
    return proposed("move_function", meant.place.get("file"), meant.place.get("line"), **given)


def _meant(scene: Scene, route: Route) -> Route | None:
    """Return a later route that matches with fewer parameters: one that says the path more exactly."""
    for other in scene.routes[scene.routes.index(route) + 1 :]:
        is_same = other.method == route.method and other.fits(scene.request.path)
        if is_same and other.path.count("{") < route.path.count("{"):
            return other
    return None
