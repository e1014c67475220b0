"""The answer is not what the endpoint promised.

The request was accepted and the endpoint ran, but what it returned does not fit its `response_model`: a field is
missing, is null, or has another type. FastAPI answers 500 rather than send something else than the documentation
says. That is the server's fault. The same holds for a model that the endpoint makes by itself from an object, such as a
row, without `from_attributes`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.diagnose.answers import At, Raised, Refused
from fastwright.diagnose.describing import declared, kind_of
from fastwright.diagnose.model import Problem
from fastwright.diagnose.proposing import proposed, proposed_at
from fastwright.diagnose.scene import Found, Scene, shown

RANK = 31


def find(scene: Scene) -> Iterator[Found]:
    made = scene.raised("ValidationError")
    if made is not None and _is_of_attributes(made) and (scene.answer.status or 500) >= 500:
        scene.claim_answer()
        yield _unreadable(made)
        return
    raised = scene.raised("ResponseValidationError")
    if raised is None or (scene.answer.status or 500) < 500:
        return
    scene.claim_answer()
    if scene.wants_rows and any(_is_null_row(one) for one in raised.errors):
        yield Found(None, rows=True)
        return
    name = scene.route.name if scene.route else "the endpoint"
    route = scene.route
    for refused in _first_of_each(raised.errors):
        at = refused.at
        yield Found(
            Problem(
                loc=refused.loc,
                got=refused.input if refused.type != "missing" else None,
                expected=kind_of(refused) if refused.schema_ else refused.msg,
                why=f"{declared(refused)}; {name} returns something else: {refused.msg}",
                fix=f"let {shown(refused)} allow None, or never return it"
                if _is_null(refused)
                else f"return a value for {shown(refused)}, or let the response model say what is returned",
                cause="",
                side="server",
                file=at.file if at and at.file else route.place.get("file") if route else None,
                line=at.line if at and at.file else route.place.get("line") if route else None,
                code=at.code if at else "",
                change=proposed_at("allow_none", at) if _is_null(refused) else None,
            )
        )


def _is_of_attributes(raised: Raised) -> bool:
    """Tell whether an object was given to a model that reads dictionaries only."""
    return (
        raised.kind == "ValidationError"
        and bool(raised.errors)
        and all(one.type == "model_type" and not one.loc and isinstance(one.input, str) for one in raised.errors)
    )


def _unreadable(raised: Raised) -> Found:
    model, frame = raised.model or At(name="the model"), raised.frames[-1] if raised.frames else None
    return Found(
        Problem(
            loc=("response",),
            got=None,
            expected=f"a dictionary, or {model.name} with from_attributes",
            why=f"{model.name} is made from an object, and reads dictionaries only"
            + (f' ("{frame.code}", {frame.file}:{frame.line})' if frame else ""),
            fix=f"give {model.name} model_config = ConfigDict(from_attributes=True)",
            cause="",
            side="server",
            file=frame.file if frame else model.file,
            line=frame.line if frame else model.line,
            code=frame.code if frame else "",
            change=proposed(
                "add_model_config", model.file, model.line, model=model.name, option="from_attributes", value="True"
            ),
        )
    )


def _is_null(refused: Refused) -> bool:
    return refused.type != "missing" and refused.input is None


def _is_null_row(refused: Refused) -> bool:
    """Tell what may be null only because nobody has made the row that is referred to."""
    return _is_null(refused) and refused.type in ("model_type", "model_attributes_type")


def _first_of_each(errors: tuple[Refused, ...]) -> Iterator[Refused]:
    """Yield one refusal a field, however many items of a list have it."""
    seen: set[tuple[object, ...]] = set()
    for one in errors:
        key = tuple("*" if isinstance(part, int) else part for part in one.loc)
        if key not in seen:
            seen.add(key)
            yield one
