"""The path has no such method.

The path exists, and other methods of it do, but not this one: 405. The header `Allow` of the answer names some of
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fastwright.diagnose.model import Problem
from fastwright.diagnose.scene import Found, Scene

RANK = 3
_LIKELY = {
    "POST": ("PUT", "PATCH"),
    "PUT": ("PATCH", "POST"),
    "PATCH": ("PUT", "POST"),
    "GET": ("POST",),
    "DELETE": ("POST", "PUT"),
}


def find(scene: Scene) -> Iterator[Found]:
    if scene.answer.status not in (404, 405) or scene.ran:
        return
    method = scene.request.method
    fitting = [route for route in scene.routes if route.fits(scene.request.path) and route.kind == "operation"]
    if not fitting or any(route.method == method for route in fitting):
        return
    methods = list(dict.fromkeys(route.method for route in fitting))
    order = [one for one in _LIKELY.get(method, ()) if one in methods] or methods
    route = next(one for one in fitting if one.method == order[0])
    scene.claim_answer()
    yield Found(
        Problem(
            loc=("method",),
            got=method,
            expected=" or ".join(methods),
            why=f"{route.path} ({route.place.get('file')}:{route.place.get('line')}) has no {method}",
            fix=f"send {order[0]}",
            cause="",
            file=route.place.get("file"),
            line=route.place.get("line"),
        ),
        lambda request: replace(request, method=order[0]),
    )
