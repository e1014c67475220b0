"""Whole apps with planted defects beside correct code: all that is planted is found, by its rule, and nothing else.

They were written before any rule was looked at. A line says by `# found: rule` what is planted in it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fastwright.verbs.check import CheckRequest, check
from tests.rules.corpus_cases import CORPUS

APPS = sorted((CORPUS / "_apps").iterdir())
_FOUND = re.compile(r"# found: (.+)$")


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_all_that_is_planted_in_an_app_is_found_and_nothing_else(app: Path) -> None:
    findings = check(CheckRequest(project=app, static=True)).findings
    assert {(one.file, one.line, one.rule) for one in findings} == set(_planted(app))


def _planted(app: Path) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    for file in sorted(app.rglob("*.py")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = _FOUND.search(line)
            found += [
                (file.relative_to(app).as_posix(), number, rule) for rule in (match[1].split(", ") if match else ())
            ]
    return found
