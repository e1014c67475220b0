"""Soft delete: what a resource may not have beside it."""

from __future__ import annotations

from fastwright.design.draft import ResourceDraft

SOFT_DELETE = "soft_delete"
_MARK = "deleted_at"


def check_soft_delete(draft: ResourceDraft) -> bool:
    """Return whether rows are marked instead of deleted. Raises `InvalidDesignError` where that is not possible."""
    if draft.soft_delete is None:
        return False
    if draft.kept:
        raise draft.soft_delete.fault(
            "a table that is kept cannot delete softly: its unique values are held by constraints of its own",
            hint="leave `soft_delete` out, or let the resource have a new table",
        )
    for member in (*draft.fields, *draft.relations):
        if member.name.text == _MARK:
            raise member.name.fault(
                f"the field `{_MARK}` is reserved: soft delete marks rows with it",
                hint="leave it out, or use another name",
            )
    return True
