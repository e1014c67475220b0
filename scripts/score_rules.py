"""Print recall and precision of every rule on the labelled corpus: `python scripts/score_rules.py [RULE…] [-v]`."""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.rules.corpus_cases import Case, cases
from tests.rules.documented import findings


@dataclass
class Score:
    """What became of the cases of one rule; `wrong` are findings where none is marked."""

    defects: int = 0
    twins: int = 0
    marked: int = 0
    found: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0


def score(wanted: Sequence[str] = (), *, verbose: bool = False) -> dict[str, Score]:
    """Return the scores by rule."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for case in cases():
        if wanted and case.rule not in wanted:
            continue
        _count(case, scores[case.rule], verbose=verbose)
    return dict(scores)


def _count(case: Case, into: Score, *, verbose: bool) -> None:
    with tempfile.TemporaryDirectory() as directory:
        found = {(one.file, one.line) for one in findings(Path(directory), case.files, case.rule)} & case.places
    into.defects += case.kind == "defect"
    into.twins += case.kind == "twin"
    into.marked += len(case.marked)
    into.found += len(found & case.marked)
    into.wrong += len(found - case.marked)
    if verbose and found != case.marked:
        print(f"{case.rule}: {case.kind}: {case.title}: missed {case.marked - found}, wrong {found - case.marked}")


def main(arguments: Sequence[str]) -> int:
    """Print the table; the exit code tells whether all of it is at least 95 %."""
    verbose = "-v" in arguments
    scores = score([one for one in arguments if one != "-v"], verbose=verbose)
    print(f"{'rule':36} {'defects':>7} {'twins':>6} {'recall':>7} {'precision':>9}")
    total = Score()
    for name, one in sorted(scores.items()):
        print(f"{name:36} {one.defects:7} {one.twins:6} {one.recall:7.0%} {one.precision:9.0%}")
        for field in ("defects", "twins", "marked", "found", "wrong"):
            setattr(total, field, getattr(total, field) + getattr(one, field))
    print(f"{'all':36} {total.defects:7} {total.twins:6} {total.recall:7.0%} {total.precision:9.0%}")
    return int(min(total.recall, total.precision) < 0.95)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
