"""Find the function, class or call that an operation means, by its name and its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.encoded import column_in_text
from fastwright.changes.editing.index import CallSite, ClassSite, FunctionSite
from fastwright.changes.outcome import Unfit

Named = TypeVar("Named", FunctionSite, ClassSite)
SiteType = TypeVar("SiteType", FunctionSite, ClassSite, CallSite)

# By how many lines an edit moves what is below it, at most: its imports, and the blank lines around them.
_DRIFT = 12


@dataclass(frozen=True)
class Found(Generic[SiteType]):
    """A site, why it may be another than the one that is meant, if it may, and the next ones that could be meant.

    An edit that was made before has moved all lines down. So, a line may point at the wrong one of several by now.
    """

    site: SiteType
    doubt: Unfit | None = None
    rivals: tuple[SiteType, ...] = ()
    unclear: Unfit | None = None

    def surely(self, is_done: Callable[[SiteType], bool]) -> SiteType:
        """Return the site, to be edited. Raises `Unfit` if it may be another, of which `is_done` may tell."""
        if self.doubt is not None:
            raise self.doubt
        if self.unclear is not None and any(is_done(rival) for rival in self.rivals):
            raise self.unclear
        return self.site


def function(document: Document, name: str, line: int) -> Found[FunctionSite]:
    """Find a function by its name, which may be `Class.method`. Raises `Unfit` if there is none."""
    return _named(document, "function", document.index.functions, name, line)


def class_(document: Document, name: str, line: int) -> Found[ClassSite]:
    """Find a class by its name. Raises `Unfit` if there is none."""
    return _named(document, "class", document.index.classes, name, line)


def _named(document: Document, what: str, sites: Sequence[Named], name: str, line: int) -> Found[Named]:
    called = [site for site in sites if site.name == name or site.name.endswith(f".{name}")]
    if not called:
        raise document.unfit(line, f"there is no {what} {name} in this file")
    exact = [site for site in called if site.first <= line <= site.line]
    return _one(document, f"{what} {name}", exact, called, line)


def call(
    document: Document, what: str, accepts: Callable[[CallSite], bool], *, line: int, column: int | None, name: str
) -> Found[CallSite]:
    """Find a call that `accepts` knows: at a line, or else by `name`, if there is one only. Raises `Unfit` otherwise.

    `column` counts as `ast` does.
    """
    text = document.source.text
    known = [
        site
        for site in document.index.calls
        if accepts(site) and (column is None or site.column == column_in_text(text, site.line, column))
    ]
    if not known:
        raise document.unfit(line, f"there is no {what} here")
    exact = [site for site in known if line in {site.line, site.statement_line}]
    if len(exact) > 1:
        raise document.unfit(line, f"there are several of what may be the {what} here", "give the column of one")
    if len(known) == 1 and not exact and line and not name:
        why = f"there is no {what} here, but in line {known[0].line}"
        return Found(known[0], document.unfit(line, why, "give its name, or that line"))
    return _one(document, what, exact, known, line)


def _one(
    document: Document, what: str, exact: Sequence[SiteType], known: Sequence[SiteType], line: int
) -> Found[SiteType]:
    if len(known) == 1:
        return Found(known[0])
    lines = ", ".join(str(site.line) for site in known)
    several = document.unfit(line, f"there are several of {what}, in lines {lines}", "give the line of one")
    if len(exact) == 1:
        site = exact[0]
        rivals = tuple(other for other in known if 0 < other.line - site.line <= _DRIFT)
        why = f"there are several of {what}, in lines {lines}, and one of them is done: the lines may have moved"
        return Found(site, None, rivals, document.unfit(line, why, "give its name, or read the file anew"))
    if not line:
        raise several
    return Found(next((site for site in known if site.line >= line), known[0]), several)
