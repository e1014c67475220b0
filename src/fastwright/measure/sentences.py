"""A cause in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from fastwright.measure.model import Cause, LazyLoad, Relation, Site


def sentence(cause: Cause) -> str:
    """Return what happens, and where."""
    if isinstance(cause, LazyLoad):
        path = " → ".join(one.shown for one in cause.chain)
        if cause.fails:
            return f"{path} is loaded when there is no session for it, and the request fails ({cause.site.shown})"
        return f"{path} is loaded once for each row that {cause.site.shown} reads"
    return _SENTENCES[cause.kind].format(cause=cause, site=cause.site.shown if cause.site else "an unknown place")


def sentences(causes: Sequence[Cause]) -> tuple[str, ...]:
    """Return the causes in sentences; of a chain of relations, the whole of it tells of its links, too."""
    chains = [(one.site, one.fails, one.chain) for one in causes if isinstance(one, LazyLoad)]
    told = [one for one in causes if not (isinstance(one, LazyLoad) and _is_link(one, chains))]
    return tuple(dict.fromkeys(map(sentence, told)))


def _is_link(one: LazyLoad, chains: Sequence[tuple[Site, bool, tuple[Relation, ...]]]) -> bool:
    length = len(one.chain)
    around = [chain for site, fails, chain in chains if (site, fails) == (one.site, one.fails)]
    return any(len(chain) > length and chain[:length] == one.chain for chain in around)


_SENTENCES = {
    "query_in_loop": "{site} executes a statement in each turn of a loop",
    "count_per_row": "{site} counts for each row by itself",
    "expired_reload": "{cause.model} is read again row by row, since the commit at {site} has expired it",
    "deferred_load": "{cause.columns[0]} of {cause.model} is deferred, and read for each row of {site} by itself",
    "missing_index": "{cause.table} is searched by {cause.columns[0]}, which has no index",
    "unbounded_list": "{site} reads every row there is, and all are in the response",
    "whole_rows": "{site} loads whole rows of {cause.model} for a few columns",
    "repeated_statement": "the same statement is executed {cause.count} times with the same values ({site})",
    "blocking": "the event loop waits for {cause.what} at {site}",
}
