"""The edit that a person would make about a cause, where it is not made for them."""

from __future__ import annotations

from fastwright.measure.model import (
    NEW_CLIENT,
    Blocking,
    Cause,
    CountPerRow,
    DeferredLoad,
    LazyLoad,
    MissingIndex,
    QueryInLoop,
    WholeRows,
)

_EDITS = {
    "lazy_load": "add `.options({what})` to the statement at {cause.site.shown}, or to the one that is passed to it",
    "query_in_loop": "before {what}, read all rows with one `in_(…)`, and look each up in a dictionary by its key",
    "write_in_loop": "write the rows once, after {what}: one flush, or one `execute(…)` with a list of values",
    "count_per_row": "before {what}, count for all rows with one `group_by(…)`, and look each number up",
    "expired_reload": "build the response before the commit at {place}, or give the session `expire_on_commit=False`",
    "deferred_load": "add `.options({what})` to the statement at {cause.site.shown}",
    "missing_index": "add `{what}` to the table {cause.table}, and a migration for it",
    "unbounded_list": "give the endpoint at {cause.handler.shown} a limit: `fastwright add pagination` and its path",
    "whole_rows": "at {place}, select no more than is used: `select({what})`",
    "repeated_statement": "read it once at {place}, and pass on what was read",
    "blocking": "at {place}, give it to a thread by `asyncio.to_thread(…)`, or declare the endpoint with `def`",
    "new_client": "at {place}, use one client that is made when the app starts: each new one reads all certificates",
}


def by_hand(cause: Cause) -> str:
    """Return the edit as a sentence, with its place."""
    site = getattr(cause, "site", None)
    return _EDITS[_kind(cause)].format(cause=cause, what=_what(cause), place=site.shown if site else "its place")


def _kind(cause: Cause) -> str:
    """Return the kind of the edit, which is that of the cause but for a few."""
    match cause:
        case QueryInLoop() if cause.statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            return "write_in_loop"
        case Blocking() if cause.what == NEW_CLIENT:
            return "new_client"
        case _:
            return cause.kind


def _what(cause: Cause) -> str:
    """Return the piece of code that the edit is about."""
    match cause:
        case LazyLoad():
            return ".".join(f"selectinload({step.shown})" for step in cause.chain)
        case DeferredLoad():
            return ", ".join(f"undefer({cause.model}.{column})" for column in cause.columns)
        case QueryInLoop() | CountPerRow():
            return f"the loop at {cause.loop.shown}" if cause.loop else f"the loop around {cause.site.shown}"
        case MissingIndex():
            columns = ", ".join(f'"{column}"' for column in cause.columns)
            return f'Index("ix_{cause.table}_{"_".join(cause.columns)}", {columns})'
        case WholeRows():
            return ", ".join(f"{cause.model}.{column}" for column in cause.used)
        case _:
            return ""
