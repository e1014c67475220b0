"""Refusals that the code of the app raises by itself, with a status of its own."""

from __future__ import annotations

from fastwright.diagnose import values
from fastwright.diagnose.answers import Frame, Loc, Raised
from fastwright.diagnose.describing import quoted
from fastwright.diagnose.model import Problem
from fastwright.diagnose.naming import place_in
from fastwright.diagnose.request import FILE_KEYS, Request
from fastwright.diagnose.scene import Found, Scene
from fastwright.diagnose.trying import past_code

_WORDS = {
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
    "==": "equal to",
    "!=": "other than",
}


def about_code(scene: Scene, raised: Raised, frame: Frame | None, expected: str = "") -> Found:
    """Return the problem that a line of the app has with a request, and what gets the request past it."""
    loc = located(scene, raised)
    value = scene.value(loc) if len(loc) > 1 else values.MISSING
    told = raised.detail if isinstance(raised.detail, str) else raised.message
    place = f" ({frame.file}:{frame.line})" if frame else ""
    by = f'{frame.name} raises "{frame.code}"{place}' if frame else f"the app raises {raised.kind}"
    problem = Problem(
        loc=loc,
        got=None if isinstance(value, values.Missing) else value,
        expected=_wanted(scene, raised) or expected or f"what does not lead to: {told}",
        why=f"{by}, and so answers {scene.answer.status}: {told}",
        fix=_advice(scene, raised, told),
        cause="",
        file=frame.file if frame else None,
        line=frame.line if frame else None,
        code=frame.code if frame else "",
    )

    def change(request: Request) -> Request:
        return past_code(scene, raised, request)

    return Found(problem, change)


def located(scene: Scene, raised: Raised) -> Loc:
    """Return the place in the request of what the condition looked at."""
    for fact in raised.facts:
        if fact.op == "in" and isinstance(fact.right_value, dict) and fact.right_value == scene.got(("body",)):
            return ("body", str(fact.left_value))
        for name in (fact.subject, fact.left, fact.right):
            loc = place_in(scene, None, name) if name else None
            if loc is not None:
                return loc[:2] if loc[-1] in FILE_KEYS else loc
    words = f"{raised.detail} {raised.message}".lower()
    for field in scene.operation.fields:
        if not field.whole and field.name.replace("_", " ").lower().removesuffix(" id") in words:
            return (field.part, field.alias)
    paths = scene.operation.of("path")
    return ("path", paths[-1].alias) if paths else ("body",) if scene.operation.of("body") else ("query",)


def _wanted(scene: Scene, raised: Raised) -> str:
    """Return in words what the condition wants, where it says so."""
    for fact in raised.facts:
        if fact.kind == "choice" and fact.choices:
            return "one of " + ", ".join(quoted(one) for one in fact.choices[:8])
        if fact.kind == "compare" and place_in(scene, None, fact.left) and fact.op not in ("in", "not in"):
            size = "a length " if fact.left_function == "len" else ""
            bound = quoted(fact.right_value) if fact.right_value is not None else fact.right
            return f"{size}{_WORDS.get(fact.op, fact.op)} {bound}"
    return ""


def _advice(scene: Scene, raised: Raised, told: str) -> str:
    wanted = _wanted(scene, raised)
    return f"send {wanted}" if wanted else f"see to it that this does not hold: {told}"
