"""Load a relation together with the rows that a statement reads, by an option where the statement is executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field

from fastwright.changes import loads
from fastwright.changes.editing import executing, models, sources
from fastwright.changes.editing.index import dotted
from fastwright.changes.loads import Load
from fastwright.changes.outcome import Applied, Unchanged, Unfit
from fastwright.changes.placed import PlacedOperation
from fastwright.changes.tree import Tree

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.loading import Loads

# By how many lines an edit moves what is below it, at most: its imports, and the links of a chain.
_DRIFT = 12


class AddLoaderOption(PlacedOperation):
    """`.options(selectinload(A.b).selectinload(B.c))` on the statement that is executed at a place.

    `path` leads from the rows that are read to the relation. With `is_passed`, the place is not where the statement is
    executed but where it is passed to a function that does so.
    """

    path: tuple[Load, ...] = Field(min_length=1)
    is_passed: bool = False

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        place = executing.Place(self.line, self.column, self.end_line, self.end_column)
        known = [site for site in executing.all_evaluated(document) if executing.is_inside(site, self.function)]
        sites = executing.at(document, place, known)
        below = [site for site in known if site not in sites and 0 <= self._moved(site) <= _DRIFT]
        is_done_below = any(self._is_loaded(document, found) for found in self._executions(document, below))
        if not sites:
            if is_done_below:
                return Unchanged(reason=f"{self.file}:{self.line}: {self._shown} is loaded already")
            raise document.unfit(self.line, "no statement is executed here", "measure again: the lines have moved")
        found = self._execution(document, sites)
        if self._is_loaded(document, found):
            return Unchanged(reason=f"{self.file}:{found.site.line}: {self._shown} is loaded already")
        if is_done_below:
            why = "one further down is done, and may be the one that was meant: the lines may have moved"
            raise document.unfit(self.line, why, "measure again")
        self._check(document, found)
        return self._edited(document, found)

    def _is_loaded(self, document: Document, found: executing.Execution) -> bool:
        return self._loads(document, found).are_in(found.node)

    def _loads(self, document: Document, found: executing.Execution) -> Loads:
        return loads.wanted(document, self.path, found.site)

    def _edited(self, document: Document, found: executing.Execution) -> Applied | Unchanged:
        named = loads.named(document, self.path, found.site)
        change: Any = named.added_to_call if found.form == "get" else named.added_to
        if not document.edit(found.node, f"load {self._shown}", change):
            return Unchanged(reason=f"{self.file}:{found.site.line}: the same was asked for before in this change")
        return Applied(files=(self.file,))

    def _execution(self, document: Document, sites: Sequence[executing.Evaluated]) -> executing.Execution:
        """Return the one statement that is executed, or passed, at the place. Raises `Unfit` if that is not clear."""
        if len(sites) == 1:
            return (executing.passed if self.is_passed else executing.execution)(document, sites[0])
        # Where only the line is known, it is the one call in it that takes a statement.
        found = [execution for execution in self._executions(document, sites) if execution.begun.roots]
        if len({id(execution.node) for execution in found}) != 1:
            raise document.unfit(self.line, "it is not clear which call of this line reads the rows", "do it by hand")
        return found[0]

    def _executions(self, document: Document, sites: Sequence[executing.Evaluated]) -> Iterator[executing.Execution]:
        read = executing.passed if self.is_passed else executing.execution
        found = (_or_none(read, document, site) for site in sites)
        return (execution for execution in found if execution is not None)

    def _moved(self, site: executing.Evaluated) -> int:
        """Return by how many lines an edit would have moved what is meant, if this is it."""
        return site.range.end.line - max(self.end_line, self.line)

    def _check(self, document: Document, found: executing.Execution) -> None:
        """Raise `Unfit` where the statement reads other models than the first of the path, or says not to load it."""
        if opposite := self._loads(document, found).opposite(found.node):
            raise document.unfit(found.site.line, f"{opposite} says that it is not to be loaded", "replace it")
        home = self.path[0].home(document)
        for root in found.begun.roots:
            entities = [dotted(arg.value) for arg in root.args]
            homes = [models.home(document, entity, found.site) for entity in entities]
            if any(sources.is_subclass(document.modules.tree, one, home) for one in homes):
                continue
            names = executing.parameters_around(found.site)
            if any(entity.partition(".")[0] in names for entity in entities):
                why = "which model is read is up to the caller of this function"
                raise document.unfit(found.site.line, why, f"give it the options, or a way of its own to {self._shown}")
            why = f"this reads {document.code(root)}, and not {self.path[0].model}"
            raise document.unfit(found.site.line, why, f"add {loads.option(self.path)} by hand")

    @property
    def _shown(self) -> str:
        return loads.shown(self.path)

    def explain(self) -> str:
        return f"load {self._shown} with the statement in {self.file}:{self.line}, by {loads.option(self.path)}"


def _or_none(
    read: Callable[[Document, executing.Evaluated], executing.Execution],
    document: Document,
    site: executing.Evaluated,
) -> executing.Execution | None:
    try:
        return read(document, site)
    except Unfit:
        return None
