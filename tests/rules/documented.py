"""Check the files of an example, as a project of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastwright.rules._audit import FAULT
from fastwright.rules._engine.finding import Finding
from fastwright.verbs.check import CheckRequest, check


def findings(directory: Path, files: Mapping[str, str], *select: str) -> tuple[Finding, ...]:
    """Return what the rules (all of them, or those named) find in these files, of which nothing is run."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    result = check(CheckRequest(project=directory, static=True, select=select))
    assert not [one for one in result.unread if FAULT in one.reason]
    return result.findings
