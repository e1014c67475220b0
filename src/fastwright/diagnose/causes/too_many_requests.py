"""Too many requests.

A rate limit answers 429. It is not about this request, but about how many there were: wait as long as `Retry-After`
says.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.model import Problem
from fastwright.diagnose.scene import Found, Scene

RANK = 17


def find(scene: Scene) -> Iterator[Found]:
    if scene.answer.status != 429:
        return
    wait = scene.answer.headers.get("retry-after", "")
    scene.claim_answer()
    yield Found(
        Problem(
            loc=("request",),
            got=None,
            expected="fewer requests",
            why=f"the app answers 429: {scene.answer.text[:120]}",
            fix=f"wait {wait} s" if wait else "wait, and send it again",
            cause="",
        )
    )
