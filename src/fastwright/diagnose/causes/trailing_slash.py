"""A trailing slash too many, or missing.

The path exists with the slash, and the request came without it, or the other way round. The app answers with a
redirect (307), which clients follow only partly: many drop the body or turn POST into GET, and behind a proxy the
address may be wrong. `redirect_slashes=False` makes it a 404.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fastwright.diagnose.model import Problem
from fastwright.diagnose.scene import Found, Scene

RANK = 2


def find(scene: Scene) -> Iterator[Found]:
    path = scene.request.path
    other = path.rstrip("/") if path.endswith("/") and path != "/" else f"{path}/"
    if scene.answer.status not in (307, 308, 404, 405) or scene.ran:
        return
    fitting = [route for route in scene.routes if route.fits(other) and route.method == scene.request.method]
    if not fitting or (scene.answer.status == 404 and any(route.fits(path) for route in scene.routes)):
        return
    scene.claim_answer()
    route = fitting[0]
    told = f"the app answers {scene.answer.status}"
    if scene.answer.status in (307, 308):
        told += f", a redirect to {scene.answer.headers.get('location', other)}"
    yield Found(
        Problem(
            loc=("path",),
            got=path,
            expected=other,
            why=f"{route.shown} ({route.place.get('file')}:{route.place.get('line')}) is the route, and {told}",
            fix=f"call {other}; or add a second decorator for {path} to {route.name}, with include_in_schema=False",
            cause="",
            file=route.place.get("file"),
            line=route.place.get("line"),
        ),
        lambda request: replace(request, path=other),
    )
