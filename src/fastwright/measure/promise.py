"""The promise of `optimize`: statements stop growing, and every endpoint answers as it did and grows no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastwright.measure.comparing import Comparison, compare, told
from fastwright.measure.measured import Measurement
from fastwright.measure.running import Laboratory, NotMeasured, Wish
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.proof.pair import Side


@dataclass
class GrowthPromise:
    """`before` is what was measured first; the same code is measured once more, to know what is not the same twice."""

    laboratory: Laboratory
    wish: Wish
    before: Measurement
    promised: frozenset[tuple[str, str]]
    indexes: frozenset[tuple[str, str]] = frozenset()
    alembic: str = ""
    comparisons: tuple[Comparison, ...] = ()
    after: list[Measurement] = field(default_factory=list[Measurement])

    @property
    def announced(self) -> Announced:
        return Announced()

    def hold(self, trial: Regression) -> str:
        """Return what became of the promised endpoints. Raises `StepFailed` where one is worse, or not better."""

        def measure(side: Side) -> Measurement:
            return self.laboratory.measure(trial.pair.tree(side), self.wish)

        try:
            again, after = trial.pair.in_both(measure)
        except NotMeasured as error:
            raise StepFailed(error.message) from error
        self.after.append(after)
        self.comparisons = compare(self.before, again, after)
        harmed = [one.harm for one in self.comparisons if one.harm]
        if harmed:
            raise StepFailed("\n".join(harmed))
        better = [one for one in self.comparisons if (one.method, one.path) in self.promised]
        missed = [f"{one.shown} still takes {told(one.after)}" for one in better if not one.is_better]
        without = {(one.table, one.column) for one in after.largest.indexes} & self.indexes
        missed += [f"{table} is still searched by {column} without an index" for table, column in sorted(without)]
        if missed or not (better or self.indexes):
            raise StepFailed("\n".join(missed or ["no endpoint has become better"]))
        evidence = _evidence(better, self.comparisons, self.wish, self.indexes)
        return f"{evidence}; {self._migrated(trial)}" if self._has_migration else evidence

    @property
    def _has_migration(self) -> bool:
        """Whether an index has come with a migration that the database of the app can run."""
        return bool(self.indexes and self.alembic and self.laboratory.server is not None)

    def _migrated(self, trial: Regression) -> str:
        try:
            problem = self.laboratory.migrate(trial.pair.tree("after"), self.alembic)
        except NotMeasured as error:
            raise StepFailed(error.message) from error
        if problem:
            raise StepFailed(f"the migrations do not run on PostgreSQL, {problem}")
        return "the migrations run up, down and up on PostgreSQL, and the models agree"


def _evidence(
    better: list[Comparison], every: tuple[Comparison, ...], wish: Wish, indexes: frozenset[tuple[str, str]]
) -> str:
    parts: list[str] = []
    if better:
        first = better[0]
        rows = f"{wish.sizes[0]} and {wish.sizes[-1]} rows"
        more = f" and {len(better) - 1} more" if len(better) > 1 else ""
        parts.append(f"{first.shown} took {told(first.before)} statements for {rows}, now {told(first.after)}{more}")
    if indexes:
        parts.append(f"the database uses the new index{'es'[: 2 * (len(indexes) > 1)]}")
    return "; ".join([*parts, _answers(every)])


def _answers(every: tuple[Comparison, ...]) -> str:
    counts: Mapping[str, int] = {
        label: sum(one.response == label for one in every)
        for label in ("identical", "reordered", "unsteady", "repaired")
    }
    words = {
        "identical": "{} answer byte for byte as before",
        "reordered": "{} with the same data in another order",
        "unsteady": "{} are not the same twice even without the change",
        "repaired": "{} answered with an error before",
    }
    return ", ".join(words[label].format(count) for label, count in counts.items() if count)
