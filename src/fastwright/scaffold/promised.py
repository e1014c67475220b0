"""What an upgrade promises, and what it announces: just that in which the two generated projects differ."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwright.project.read import Reading, read_documented
from fastwright.proof.access import compare_access
from fastwright.proof.contract import compare_contracts
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.scaffold.merging import lay_out
from fastwright.scaffold.record import RECORD, Record, read_record
from fastwright.scaffold.upgrading import Files

_APP = "app.main:create_app"


@dataclass(frozen=True)
class UpToDate:
    """The project is what is generated today but for edits, says so in its record, and did neither before."""

    old: Record
    new: Record
    announced: Announced

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` if a file is not what was merged, or the record is not of today."""
        before, after = (_recorded(trial.pair.tree(side)) for side in ("before", "after"))
        if (after.design, after.files) != (self.new.design, self.new.files):
            raise StepFailed(f"{RECORD} does not say what was written")
        if before != self.old:
            raise StepFailed(f"{RECORD} was another one before")
        tree = trial.pair.tree("after")
        plain = sum((tree / path).is_file() and _text(tree / path) == text for path, text in self.new.files.items())
        others = len(self.new.files) - plain
        return f"{plain} files as Fastwright {self.new.version} writes them, {others} as the project has them"


def announced(scratch: Path, python: Path, old: Record, new: Record) -> Announced:
    """Return what the template itself changes: seen on both generated projects, without any edits.

    Generated tests may go, with their parameters; those that the project has of its own may not.
    """
    gone = tuple(_tests(old.files))
    if _code(old.files) == _code(new.files):
        return Announced(tests=gone)
    before, after = (_reading(record, scratch / name, python) for name, record in (("old", old), ("new", new)))
    contract = compare_contracts(before, after)
    changed = [
        f"{change.rule} {operation.shown}"
        for operation in (*contract.changed, *contract.removed)
        for change in operation.changes
    ]
    access = [f"{row.rule} {row.shown}" for row in compare_access(before, after) if row.severity != "same"]
    added = [operation.shown for operation in contract.added]
    return Announced(changes=tuple(dict.fromkeys((*added, *changed, *access))), tests=gone)


def _recorded(tree: Path) -> Record:
    return read_record((tree / RECORD).read_text(encoding="utf-8"))


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def _code(files: Files) -> Files:
    return {path: text for path, text in files.items() if path.parts[0] == "app"}


def _reading(record: Record, place: Path, python: Path) -> Reading:
    return read_documented(lay_out(record.files, place), python=python, app=_APP)


def _tests(files: Files) -> Iterator[str]:
    """Yield the tests, as pytest names them."""
    for path, text in files.items():
        if path.parts[0] == "tests" and path.suffix == ".py":
            for node in ast.parse(text).body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                    yield f"{path}::{node.name}"
