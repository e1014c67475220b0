"""A relation is loaded too late.

The answer needs a relation that was not loaded, and there is nobody any more who could: with an `AsyncSession` an
attribute cannot go to the database (`MissingGreenlet`), and after the session was closed neither
(`DetachedInstanceError`). With no rows all is well, and with the first one the endpoint answers 500. Load the
relation with the statement: `select(Order).options(selectinload(Order.items))`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastwright.changes import Change
from fastwright.diagnose.answers import Answer, Raised, Relations
from fastwright.diagnose.model import Problem
from fastwright.diagnose.proposing import proposed
from fastwright.diagnose.scene import Found, Scene

RANK = 29
_LATE = re.compile(
    r"MissingGreenlet|greenlet_spawn|DetachedInstanceError|is not bound to a Session|lazy load operation|lazy='raise"
)


def find(scene: Scene) -> Iterator[Found]:
    if (scene.answer.status or 500) < 500:
        return
    for raised in scene.answer.exceptions:
        text = " ".join([raised.kind, raised.message, raised.cause, *(one.msg for one in raised.errors)])
        if not _LATE.search(text):
            continue
        scene.claim_answer()
        relation, owner = _relation(raised, text)
        frame = raised.frames[-1] if raised.frames else None
        route = scene.route
        change = _loaded(scene.answer, raised, relation)
        option = f".options(selectinload({owner}{relation}))"
        # What no statement has read was written by this request.
        written = f"load it where the row is read, {option}; one that was just written: refresh(…, ['{relation}'])"
        yield Found(
            Problem(
                loc=raised.errors[0].loc if raised.errors else ("response",),
                got=None,
                expected=f"{relation} loaded before the answer is made",
                why=f"{owner}{relation} is not loaded when the answer is made, and cannot be any more"
                + (f' ("{frame.code}", {frame.file}:{frame.line})' if frame else ""),
                fix=f"load it with the statement: {option}" if change else written,
                cause="",
                side="server",
                file=frame.file if frame else route.place.get("file") if route else None,
                line=frame.line if frame else route.place.get("line") if route else None,
                code=frame.code if frame else "",
                change=change,
            )
        )
        return


def _loaded(answer: Answer, raised: Raised, relation: str) -> Change | None:
    """Return what loads the relation with the statement that read the rows which have it, the last one of these."""
    names = [str(part) for one in raised.errors[:1] for part in one.loc[1:] if isinstance(part, str)] or [relation]
    for select in reversed(answer.selects):
        path = list(_path(select, names))
        if path:
            given = {"function": select.function, "path": path}
            return proposed("add_loader_option", select.file, select.line, **given)
    return None


def _path(of: Relations, names: list[str]) -> Iterator[dict[str, str]]:
    """Yield the relations that lead along the names, as far as there are any."""
    if names and names[0] in of.relations:
        yield {"module": of.module, "model": of.model, "attribute": names[0]}
        yield from _path(of.relations[names[0]], names[1:])


def _relation(raised: Raised, text: str) -> tuple[str, str]:
    """Return the relation and, with a dot, the model that has it, where the error says so."""
    names = [str(part) for one in raised.errors for part in one.loc[1:] if isinstance(part, str)]
    if names:
        return names[-1], ""
    named = re.search(r"attribute '(\w+)'|'(\w+)\.(\w+)'|relationship '?(\w+)", text)
    owner = re.search(r"(?:Parent )?instance <(\w+) at", text)
    name = next((one for one in (named[1], named[3], named[4]) if one), "relation") if named else "the relation"
    return name, f"{owner[1]}." if owner else ""
