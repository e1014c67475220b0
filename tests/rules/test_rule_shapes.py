"""The same defects are found, and nothing else, in every shape in which an app can be written."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from fastwright.verbs.check import CheckRequest, check
from tests.rules.shapes import Shape, expected, files, shapes


def enclosing(path: Path, line: int) -> str:
    """Return the name of the function or class that a line is in; the innermost, decorators included."""
    around = [
        (min([node.lineno, *(each.lineno for each in node.decorator_list)]), node)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    within = [(first, node.name) for first, node in around if first <= line <= (node.end_lineno or first)]
    return max(within)[1] if within else ""


@pytest.mark.parametrize(
    "shape",
    [
        # Half of them, in which there is each pair of ways, at every run.
        pytest.param(each, id=each.name, marks=() if each.nested == each.annotated else pytest.mark.slow)
        for each in shapes()
    ],
)
def test_what_is_wrong_is_found_in_it_and_nothing_else(shape: Shape, tmp_path: Path) -> None:
    for path, text in files(shape).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")

    result = check(CheckRequest(project=tmp_path, static=True))

    found = {(each.rule, enclosing(tmp_path / each.file, each.line)) for each in result.findings}
    assert found == expected(shape)
