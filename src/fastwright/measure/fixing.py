"""Try edits on copies and measure again, until all that is left takes away growth and harms nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastwright.changes import Change
from fastwright.changes.add_loader_option import AddLoaderOption
from fastwright.changes.operation import Operation
from fastwright.changes.outcome import Refused
from fastwright.measure.causes import find_causes
from fastwright.measure.comparing import Comparison, compare
from fastwright.measure.fixes import Surroundings, by_hand, loader_option
from fastwright.measure.loops import Loops
from fastwright.measure.measured import Measurement, Request, Size
from fastwright.measure.model import LazyLoad
from fastwright.measure.planning import Fix, Fixes, Left, identity, name, plan_fixes, problem
from fastwright.measure.report import Findings
from fastwright.measure.running import Laboratory, NotMeasured, Wish

_ROUNDS = 6


@dataclass
class Workshop:
    """Looks for the edits that take away the causes of the endpoints that were chosen."""

    laboratory: Laboratory
    wish: Wish
    tree: Path
    around: Surroundings
    found: Findings
    indexes: bool = False
    _refused: dict[str, str] = field(default_factory=dict[str, str])
    _further: list[Fix] = field(default_factory=list[Fix])

    @property
    def before(self) -> Measurement:
        return self.found.before

    def find(self) -> Fixes:
        """Return the edits that took growth away and harmed nothing, and what is left to a person."""
        chosen = sorted(self.found.chosen)
        causes = [cause for number in chosen for cause in self.found.causes[number]]
        if self.indexes:
            causes += [note for number in chosen for note in self.found.notes[number] if note.kind == "missing_index"]
        for _round in range(_ROUNDS):
            planned = plan_fixes(causes, self.tree, self.around, self._refused)
            fixes = (*planned.fixes, *(fix for fix in self._further if name(fix.operation) not in self._refused))
            if not fixes:
                return Fixes((), planned.left)
            healed = self._try(fixes)
            if healed is not None:
                return Fixes(fixes, tuple(one for one in planned.left if not self._is_gone(one, healed)))
        return Fixes((), tuple(Left(cause=one, reason="no edit was found", advice=by_hand(one)) for one in causes))

    def _is_gone(self, left: Left, healed: frozenset[int]) -> bool:
        """Tell what went away with another cause: flushes in a loop, say, that lazy loads had set off."""
        same = identity(left.cause)
        seen = {number for number in self.found.chosen if same in map(identity, self.found.causes[number])}
        return bool(seen) and seen <= healed

    def _try(self, fixes: Sequence[Fix]) -> frozenset[int] | None:
        """Measure with the edits, and return the endpoints in which nothing grows any more.

        Returns `None` if the edits do not hold: less or more is tried in the next round.
        """
        tree = Path(tempfile.mkdtemp(prefix="trial-", dir=self.laboratory.directory)) / "project"
        shutil.copytree(self.tree, tree, symlinks=True)
        operations = tuple(fix.operation for fix in fixes)
        outcomes = Change(summary="a trial", operations=operations).attempt(tree)
        refused = {
            name(one): outcome.reason
            for one, outcome in zip(operations, outcomes, strict=True)
            if isinstance(outcome, Refused)
        }
        if refused:
            self._refused.update(refused)
            return None
        try:
            after = self.laboratory.measure(tree, self.wish)
        except NotMeasured as error:
            self._refused.update(dict.fromkeys(map(name, operations), error.message))
            return None
        if self._harmful(fixes, after) or self._goes_on(fixes, after, tree):
            return None
        loops = Loops(tree)
        return frozenset(number for number in range(len(after.endpoints)) if not find_causes(after, number, loops))

    def _harmful(self, fixes: Sequence[Fix], after: Measurement) -> bool:
        """Refuse the edits that endpoints which got worse have to do with."""
        found = False
        for comparison in compare(self.before, self.before, after):
            if comparison.harm:
                found = True
                self._blame(fixes, comparison)
        return found

    def _blame(self, fixes: Sequence[Fix], comparison: Comparison) -> None:
        number = next(
            number
            for number, one in enumerate(self.before.endpoints)
            if (one.method, one.path) == (comparison.method, comparison.path)
        )
        request = self.before.requests(number)[max(self.before.sizes)]
        places = _places(request, self.before.largest)
        guilty = [fix for fix in fixes if any(_place(fix.operation, place) for place in places)]
        self._refused.update({name(fix.operation): comparison.harm for fix in guilty or fixes})

    def _goes_on(self, fixes: Sequence[Fix], after: Measurement, tree: Path) -> bool:
        """Look for what shows only now: behind a relation that failed there may be the next one."""
        loops = Loops(tree)
        found = False
        for number in sorted(self.found.chosen):
            for cause in find_causes(after, number, loops) if number < len(after.endpoints) else ():
                if isinstance(cause, LazyLoad) and (further := self._further_one(fixes, cause)):
                    self._further.append(further)
                    found = True
        return found

    def _further_one(self, fixes: Sequence[Fix], cause: LazyLoad) -> Fix | None:
        """Return the edit at the place of one that is tried, since lines have moved below that."""
        for fix in fixes:
            operation = fix.operation
            if not isinstance(operation, AddLoaderOption):
                continue
            around = [site for site in (cause.site, *cause.callers) if site.file == operation.file]
            site = next((one for one in around if one.function == operation.function), None)
            if site is None:
                continue
            new = loader_option(site, cause.chain, is_passed=operation.is_passed).model_copy(
                update=operation.model_dump(include={"line", "column", "end_line", "end_column"})
            )
            known = {name(one.operation) for one in (*fixes, *self._further)} | self._refused.keys()
            if name(new) not in known and problem(new, self.tree) is None:
                return Fix(new, (cause,))
        return None


def _places(request: Request, size: Size) -> set[tuple[str, int]]:
    """Return the lines of the app that a request has executed statements from."""
    stacks: Iterable[int] = {one.stack for one in (*request.executions, *request.statements)}
    return {(site.file, site.line) for number in stacks for site in size.stacks[number]}


def _place(operation: Operation, place: tuple[str, int]) -> bool:
    return (getattr(operation, "file", ""), getattr(operation, "line", 0)) == place
