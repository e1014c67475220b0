"""What could be changed in the app, as causes propose it: one operation at a place of the project."""

from __future__ import annotations

from typing import Any

from fastwright.changes import Change
from fastwright.diagnose.answers import At


def proposed(kind: str, file: str | None, line: int | None, **values: Any) -> Change | None:
    """Return the change of one operation, or nothing where it is not known where that would be."""
    if not file:
        return None
    # By its kind: an operation takes a library that is slow to import, and most diagnoses propose none.
    change = Change.model_validate(
        {"summary": "", "operations": [{"kind": kind, "file": file, "line": line or 0, **values}]}
    )
    return change.model_copy(update={"summary": change.explain()[0]})


def proposed_at(kind: str, at: At | None, **values: Any) -> Change | None:
    """Return the change of a field or a parameter that a class or a function of the project declares."""
    return proposed(kind, at.file, at.line, owner=at.owner, name=at.name, **values) if at and at.owner else None
