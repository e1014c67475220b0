"""Find a request that a check of the app lets pass, by sending what could."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from fastwright.diagnose.answers import Answer, Loc, Raised, Refused
from fastwright.diagnose.conjecture import Conjecture
from fastwright.diagnose.grouping import grouped
from fastwright.diagnose.naming import place_in
from fastwright.diagnose.request import Request
from fastwright.diagnose.scene import Scene

_MOST = 40


def past_validator(scene: Scene, refused: Refused, request: Request) -> Request:
    """Return a request that a validator lets pass, or the same one if none was found."""
    guesses = Conjecture(
        request, scene.route, lambda name: place_in(scene, refused.loc, name), refused.facts, refused.constants
    )
    sampled = request.set(refused.loc, scene.case(refused, request).sample(), scene.route)
    known = {one.loc for one in grouped(scene.answer.refused, scene.request, scene.route)}
    second: Request | None = None
    for trial in itertools.islice(itertools.chain(guesses.requests(refused.loc), [sampled]), _MOST):
        refusals = _refusals(scene, trial)
        if not refusals - (known - {refused.loc}):
            return trial
        if second is None and refused.loc not in refusals:
            second = trial
    return second or request


def past_code(scene: Scene, raised: Raised, request: Request) -> Request:
    """Return a request for which the same line does not raise, or the same one if none was found."""
    guesses = Conjecture(request, scene.route, lambda name: place_in(scene, None, name), raised.facts, raised.constants)
    tried: Iterable[Request] = itertools.islice(guesses.requests(None), _MOST)
    second: Request | None = None
    for trial in tried:
        answer = scene.trial(trial)
        if answer.status is None or answer.refused or _raises(answer, raised):
            continue
        if answer.status < 500:
            return trial
        second = second or trial  # past this line, and into a fault of the server
    return second or request


def _refusals(scene: Scene, request: Request) -> set[Loc]:
    """Return what is refused in a request."""
    answer = scene.trial(request)
    if answer.status is None or answer.status >= 500:
        return {()}
    return {one.loc for one in grouped(answer.refused, request, scene.route)}


def _raises(answer: Answer, raised: Raised) -> bool:
    """Tell whether the same line raised again."""
    places = [one.frames[-1] for one in answer.exceptions if one.frames]
    return any(
        raised.frames and (place.file, place.line) == (raised.frames[-1].file, raised.frames[-1].line)
        for place in places
    )
