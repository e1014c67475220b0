"""No route has this path.

Nothing matches: a prefix of an include or a mount is missing or doubled, a word is misspelt, or a parameter does not
fit the converter of the route (`{item_id:int}`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace

from fastwright.diagnose.answers import Route
from fastwright.diagnose.model import Problem
from fastwright.diagnose.scene import Found, Scene

RANK = 6


def find(scene: Scene) -> Iterator[Found]:
    if scene.answer.status != 404 or scene.answer.route is not None or not scene.answer.reached_routes:
        return
    if any(route.fits(scene.request.path) for route in scene.routes):
        return
    nearest = _nearest(scene)
    scene.claim_answer()
    path = _filled(scene.request.path, nearest) if nearest else None
    place = (
        f" ({nearest.place.get('file')}:{nearest.place.get('line')})" if nearest and nearest.place.get("file") else ""
    )
    yield Found(
        Problem(
            loc=("path",),
            got=scene.request.path,
            expected=nearest.path if nearest else "a path of the app",
            why=f"no route of the app matches this path; the nearest is {nearest.shown}{place}"
            if nearest
            else "no route matches",
            fix=f"call {path}" if path else "see which paths there are: fastwright map",
            cause="",
            file=nearest.place.get("file") if nearest else None,
            line=nearest.place.get("line") if nearest else None,
        ),
        (lambda request: replace(request, path=path)) if path else None,
    )


def _nearest(scene: Scene) -> Route | None:
    """Return the route that is most like the path, one with the same method before others."""
    path = scene.request.path
    wanted = [route for route in scene.routes if route.kind == "operation" and not route.framework]
    same = [route for route in wanted if route.method == scene.request.method]
    for routes in (same, wanted):
        for route in routes:
            if _ends_alike(path, route.path):
                return route
        scores = {
            n: difflib.SequenceMatcher(None, _plain(path, route.path), route.path).ratio()
            for n, route in enumerate(routes)
        }
        best = max(scores, key=lambda n: scores[n], default=None)
        if best is not None and scores[best] > 0.6:
            return routes[best]
    return None


def _ends_alike(path: str, template: str) -> bool:
    """Tell whether only a prefix makes the difference."""
    longer, shorter = sorted((_steps(path), _steps(template)), key=len, reverse=True)
    if len(longer) == len(shorter) or not shorter:
        return False
    pairs = zip(reversed(shorter), reversed(longer), strict=False)
    return all(one == other or "{" in one or "{" in other for one, other in pairs) and any(
        "{" not in one for one in shorter
    )


def _filled(path: str, route: Route) -> str:
    """Return the path of a route with the values that were sent for its parameters, as far as there are any."""
    steps, template = _steps(path), _steps(route.path)
    offset = len(steps) - len(template)
    found: list[str] = []
    for number, step in enumerate(template):
        at = number + offset if offset < 0 or len(steps) != len(template) else number
        sent = steps[at] if 0 <= at < len(steps) else ""
        found.append(_parameter(step, sent, route) if "{" in step else step)
    return "/" + "/".join(found) + ("/" if route.path.endswith("/") and found else "")


def _parameter(step: str, sent: str, route: Route) -> str:
    name = step.strip("{}").partition(":")[0]
    kind = route.convertors.get(name, "string")
    if kind in ("integer", "float"):
        digits = "".join(one for one in sent if one.isdigit())
        return digits or "1"
    if kind == "uuid":
        return "0d9f7c3e-8a1b-4c2d-9e3f-5a6b7c8d9e0f"
    return sent or "1"


def _plain(path: str, template: str) -> str:
    """Return the path with the parameters of a template in their places, so that only words are compared."""
    steps, other = _steps(path), _steps(template)
    if len(steps) != len(other):
        return path
    return "/" + "/".join(there if "{" in there else step for step, there in zip(steps, other, strict=True))


def _steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step]
