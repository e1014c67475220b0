"""Run `optimize` on every app of `tests/measure/apps` and on its healthy twin, and print a line for each shape.

    python -m benchmarks.measure.score [--postgres] [APP…]

*found*: the endpoint, the cause and its place are those of the truth, and nothing else was reported. *fixed*: an edit
was proven and landed, and the statements do not grow any more. *answer*: how the response compares to the one before.
*twin*: nothing was reported for the healthy app, and nothing was changed.
With `--postgres`, the engine of every app is one for PostgreSQL: with asyncpg where it is async, else with psycopg.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from fastwright.verbs.optimize import OptimizeRequest, OptimizeResult, optimize
from tests.measure import corpus

_ENGINES = (
    (re.compile(r"sqlite\+aiosqlite:///[^\"]*"), "postgresql+asyncpg://me:secret@db.internal/app"),
    (re.compile(r"sqlite:///[^\"]*"), "postgresql+psycopg://me:secret@db.internal/app"),
    (re.compile(r", connect_args=\{\"check_same_thread\": False\}"), ""),
)
_HEADER = ("shape", "found", "fixed", "statements", "after", "answer", "twin", "seconds")


@dataclass(frozen=True)
class Row:
    """What came of one app."""

    shape: str
    is_found: bool
    is_fixed: bool
    should_be_fixed: bool
    before: str
    after: str
    answer: str
    twin_is_quiet: bool
    seconds: float

    @property
    def cells(self) -> tuple[str, ...]:
        fixed = _word(is_true=self.is_fixed) if self.should_be_fixed else "by hand"
        found, quiet = _word(is_true=self.is_found), "quiet" if self.twin_is_quiet else "ALARM"
        return self.shape, found, fixed, self.before, self.after, self.answer, quiet, f"{self.seconds:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("apps", nargs="*", default=list(corpus.APPS))
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    apps: list[str] = options.apps
    width = max(len(corpus.truth(app)["shape"]) for app in apps)
    _print(_HEADER, width)
    rows: list[Row] = []
    for app in apps:
        rows.append(_scored(app, on_postgres=options.postgres))
        _print(rows[-1].cells, width)
    fixable = [row for row in rows if row.should_be_fixed]
    print(
        f"\nfound {sum(row.is_found for row in rows)} of {len(rows)}, "
        f"fixed and proven {sum(row.is_fixed for row in fixable)} of {len(fixable)}, "
        f"false alarms {sum(not row.twin_is_quiet for row in rows)} of {len(rows)} twins, "
        f"changed answers {sum(row.answer not in {'identical', 'repaired', '-'} for row in rows)}"
    )


def _print(cells: tuple[str, ...], width: int) -> None:
    """Print a line as soon as it is known: all of them take minutes."""
    widths = (width, 5, 7, 10, 6, 9, 5, 7)
    print("  ".join(cell.ljust(size) for cell, size in zip(cells, widths, strict=True)).rstrip(), flush=True)


def _scored(app: str, *, on_postgres: bool) -> Row:
    truth = corpus.truth(app)
    with tempfile.TemporaryDirectory(prefix="fastwright-score-") as directory:
        started = time.perf_counter()
        result = _optimized(app, corpus.copy(app, Path(directory, "app")), on_postgres=on_postgres)
        seconds = time.perf_counter() - started
        healthy = _optimized(app, corpus.twin(app, Path(directory, "twin")), on_postgres=on_postgres)
    growing = [one for one in result.endpoints if corpus.grows(one)]
    one = growing[0] if growing else None
    return Row(
        shape=truth["shape"],
        is_found=len(growing) == 1 and corpus.is_known(growing[0], app),
        is_fixed=result.landed and one is not None and one.growth_after == "constant",
        should_be_fixed=bool(truth["fix"]),
        before=_counts(one.queries if one else None),
        after=_counts(one.after if one else None),
        answer=(one.response if one else None) or "-",
        twin_is_quiet=not healthy.change.operations and not any(map(corpus.grows, healthy.endpoints)),
        seconds=seconds,
    )


def _optimized(app: str, root: Path, *, on_postgres: bool) -> OptimizeResult:
    if on_postgres:
        _put_on_postgres(root)
    request = OptimizeRequest(project=root, python=corpus.interpreter(), app=corpus.truth(app)["app"])
    result = optimize(request)
    if on_postgres and (result.databases or not result.endpoints):
        raise RuntimeError(f"{app} was not measured on PostgreSQL: {result.databases}, {result.undriven}")
    return result


def _put_on_postgres(root: Path) -> None:
    """Give an app the engine that it would have with PostgreSQL."""
    for file in root.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for pattern, new in _ENGINES:
            text = pattern.sub(new, text)
        file.write_text(text, encoding="utf-8")


def _counts(counts: dict[int, int] | None) -> str:
    return "/".join(str(count) for count in counts.values()) if counts else "-"


def _word(*, is_true: bool) -> str:
    return "yes" if is_true else "NO"


if __name__ == "__main__":
    main()
