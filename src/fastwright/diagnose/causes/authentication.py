"""The caller is not known.

The app wants credentials: there are none, or they are of another kind, or they do not hold. Dependencies come before
validation, so a 401 hides what else is wrong with the request. Until FastAPI 0.122 missing credentials were a 403.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.causes._callers import Wanted, is_about_rights, wanted
from fastwright.diagnose.model import Problem
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Found, Mend, Scene
from fastwright.diagnose.trying import past_code

RANK = 7


def find(scene: Scene) -> Iterator[Found]:
    if scene.answer.status not in (401, 403) or scene.refused:
        return
    need = wanted(scene)
    if need is None or (
        scene.answer.status == 403 and need.given and not need.is_wrong_kind and is_about_rights(scene)
    ):
        return
    scene.claim_answer()
    if need.loc == ("body",):
        # A login: no stand-in can be let in, but somebody with this name and password can be made.
        yield Found(_problem(scene, need), rows=scene.wants_rows and bool(scene.answer.sought))
        return
    if not _is_guard(scene):
        yield _by_itself(scene, need)
        return
    if scene.admitted:
        yield Found(
            None, note="a stand-in for the caller was not let in here, so what comes after the guard was not seen"
        )
        return
    if need.given and need.is_uncertain and not need.is_wrong_kind:
        yield Found(
            None,
            admit=True,
            note=f"whether the credentials hold cannot be told here: {need.guard} looks them up, and nobody is there",
        )
        return
    yield Found(_problem(scene, need), _with_credentials(need), admit=True, secret=need.loc)


def _by_itself(scene: Scene, need: Wanted) -> Found:
    """Return what gets past a check that is no dependency: what it compares with is sent, and not shown."""
    if scene.admitted and scene.answer.sought and scene.wants_rows:
        return Found(None, rows=True)  # the caller of whom the token speaks
    return Found(_problem(scene, need), _past(scene, need), admit=True, secret=need.loc)


def _is_guard(scene: Scene) -> bool:
    """Tell whether a dependency refused, which can be overridden; a middleware and an endpoint cannot."""
    culprit = scene.culprit()
    if culprit is None or scene.route is None:
        return True
    if not scene.answer.reached_routes:
        return False
    names = [frame.name for frame in culprit[0].frames]
    return scene.route.name not in names or any(guard.name in names for guard in scene.operation.guards)


def _past(scene: Scene, need: Wanted) -> Mend:
    culprit = scene.culprit()

    def change(request: Request) -> Request:
        passed = past_code(scene, culprit[0], request) if culprit else request
        return request.set(need.loc, need.placeholder) if passed == request and not need.given else passed

    return change


def _problem(scene: Scene, need: Wanted) -> Problem:
    reason = need.reason or ("no credentials were sent" if not need.given else "they do not hold")
    return Problem(
        loc=need.loc,
        got=need.shown_given,
        expected=need.expected,
        why=f"{need.guard}{need.place} answers {scene.answer.status} before anything else is looked at: {reason}",
        fix=f"send {need.expected}",
        cause="",
        file=need.file,
        line=need.line,
        code=need.code,
    )


def _with_credentials(need: Wanted) -> Mend | None:
    if need.given and not need.is_wrong_kind:
        return None

    def change(request: Request) -> Request:
        return request.set(need.loc, need.placeholder)

    return change
