"""The database refuses what the app wrote.

Validation let the request pass, and the database did not: a column that must not be null got nothing, a value is
there already, or a row that is referred to does not exist. A client gets 500. The server should check before it
writes, or answer 409 or 422 for such an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastwright.diagnose.model import Problem
from fastwright.diagnose.naming import place_in
from fastwright.diagnose.scene import Found, Scene

RANK = 33
_KINDS = ("IntegrityError", "DataError", "UniqueViolation", "NotNullViolation", "ForeignKeyViolation")


def find(scene: Scene) -> Iterator[Found]:
    raised = scene.raised(*_KINDS)
    if raised is None or (scene.answer.status or 500) < 500 or not scene.rows:
        return
    scene.claim_answer()
    if scene.wants_rows and "FOREIGN KEY" in raised.message.upper():
        yield Found(None, rows=True)  # what the request refers to may be there in the app's own database
        return
    frame = raised.frames[-1] if raised.frames else None
    said = re.search(r"(?:\w+\.)?\w+Error\)?:? ?\)? ?([^\n\[]+)", raised.message)
    text = (said[1] if said else raised.message.splitlines()[0]).strip()
    column = re.search(r"constraint failed: ([\w.]+)", raised.message)
    name = column[1].rpartition(".")[2] if column else ""
    loc = (place_in(scene, None, name) if name else None) or ("body",)
    yield Found(
        Problem(
            loc=loc,
            got=scene.got(loc) if len(loc) > 1 else None,
            expected="a value that the column takes" if name else "rows that the database takes",
            why=f"the database refuses it: {text}" + (f' ("{frame.code}", {frame.file}:{frame.line})' if frame else ""),
            fix=f"let the model of the request want {name}, or give the column a default"
            if name
            else "answer such an error with 409",
            cause="",
            side="server",
            file=frame.file if frame else None,
            line=frame.line if frame else None,
            code=frame.code if frame else "",
        )
    )
