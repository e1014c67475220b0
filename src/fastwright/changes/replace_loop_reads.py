"""Read what a loop reads one by one at once before it, where that is sure to give the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import inflection
import libcst as cst

from fastwright.changes.editing import executing, looped, loops, models
from fastwright.changes.editing.batches import Batch
from fastwright.changes.editing.looped import LoopedRead
from fastwright.changes.editing.names import scope_names
from fastwright.changes.editing.reads import NotUnderstood
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.placed import PlacedOperation
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document

# By how many lines an edit moves what is below it, at most.
_DRIFT = 16


class ReplaceLoopReads(PlacedOperation):
    """`session.get(Model, row.key)` in a loop becomes one read with `IN` before it, and a look into a dictionary.

    The place is that of the read. `model` is the class that is read, and `unique` are its
    attributes that are unique by themselves; `primary_key` is empty if that has several columns. It is refused unless
    the loop only reads, by one session, and each turn's key is known before the first.
    """

    model: Identifier
    primary_key: Identifier = ""
    unique: tuple[Identifier, ...] = ()

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        place = executing.Place(self.line, self.column, self.end_line, self.end_column)
        known = [site for site in executing.all_evaluated(document) if executing.is_inside(site, self.function)]
        sites = executing.at(document, place, known)
        if len(sites) != 1:
            if self._is_done(document, known):
                return Unchanged(reason=f"{self.file}:{self.line}: all {self._many} are read at once already")
            raise document.unfit(self.line, "nothing is read here", "measure again: the lines have moved")
        try:
            found = looped.looped_read(document, sites[0], self.primary_key)
            self._check_model(document, found)
        except NotUnderstood as error:
            raise document.unfit(self.line, str(error), f"read all {self._many} before the loop, by hand") from error
        return self._edited(document, found)

    def _check_model(self, document: Document, found: LoopedRead) -> None:
        read = found.read
        home = models.home(document, document.code(read.model), found.site)
        if home.rpartition(".")[2] != self.model:
            raise NotUnderstood(f"this reads {document.code(read.model)}, and not {self.model}")
        if read.shape in {"row", "value"} and read.attribute not in {self.primary_key, *self.unique}:
            raise NotUnderstood(f"{self.model}.{read.attribute} is not unique: which row comes first is not sure")

    def _edited(self, document: Document, found: LoopedRead) -> Applied | Unchanged:
        statement = loops.statement_of(found.path, found.outermost.node)
        if statement is None:
            raise document.unfit(self.line, "there is no place for a statement before the loop", "write it in lines")
        batch = Batch(document, found.site, found.read, found.key, found.loops, self.model)
        answer = batch.answer(found.read.key)
        if not document.edit(found.replaced, "read at once", lambda _old: answer):
            return Unchanged(reason=f"{self.file}:{self.line}: the same was asked for before in this change")
        iterated = self._lasting(document, found, statement)
        for new in batch.statements(iterated):
            document.insert_before(statement, document.code(new), new)
        for node in found.removed:
            document.edit(node, "not needed any more", _removed)
        return Applied(files=(self.file,))

    def _lasting(self, document: Document, found: LoopedRead, statement: cst.CSTNode) -> str:
        """Return what the loop goes through, put into a variable first if it could not be gone through twice."""
        iterated = found.outermost.iterated
        code = document.code(iterated)
        if looped.is_lasting(document, found.site.scopes, iterated):
            return code
        name = looped.name_for(found.outermost, scope_names(found.site))
        whole = code if loops.is_list(iterated) else f"list({code})"
        line = cst.ensure_type(cst.parse_statement(f"{name} = {whole}"), cst.SimpleStatementLine)
        document.insert_before(statement, f"{name} for two", line)
        document.edit(iterated, "gone through twice", lambda _old: cst.Name(name))
        return name

    def _is_done(self, document: Document, known: Sequence[executing.Evaluated]) -> bool:
        """Return whether the function has a read of all rows of the model, near where this one was."""
        near = [site.node for site in known if -_DRIFT <= site.line - self.line <= _DRIFT]
        return any(f"{self.model}." in code and ".in_(" in code for code in map(document.code, near))

    @property
    def _many(self) -> str:
        return inflection.pluralize(self.model)

    def explain(self) -> str:
        return (
            f"ask for the {self._many} of all turns of the loop in {self.file}:{self.line} by one statement before it"
        )


def _removed(_node: cst.CSTNode) -> Any:
    return cst.RemoveFromParent()
