"""`add file-upload`: what is allowed comes back as it was sent, and nothing else is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, more_tests, one_test_more, swapped


def test_rows_whose_keys_callers_choose_get_no_directory(tmp_path: Path) -> None:
    refusal = foreign("shelfmark", tmp_path).add("file-upload", path="/books").refusal
    assert refusal is not None
    assert "is asked by what callers chose" in refusal.reason


@pytest.mark.slow
def test_below_a_resource_its_own_endpoint_says_who_may_see_files(tmp_path: Path) -> None:
    app = foreign("greenhouse", tmp_path)
    before = app.files()
    result = app.add("file-upload", path="/api/v1/plants")
    assert result.landed, result.proof
    assert "or below another row; strangers store nothing" in evidence(result)
    assert one_test_more(result)
    router = (app.root / "app/routers/plants.py").read_text(encoding="utf-8")
    assert "dependencies=[Depends(read_plant)]" in router
    assert app.add("file-upload", path="/api/v1/plants").already.startswith(
        "POST /api/v1/plants/{id}/files takes files"
    )
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path"),
    [("tool_library", ""), ("conferly", "/talks"), ("hookrelay", ""), ("vetbook", "/patients"), ("roastery", "")],
)
def test_it_lands_in_other_styles(name: str, path: str, tmp_path: Path) -> None:
    result = foreign(name, tmp_path).add("file-upload", path=path)
    assert result.landed, result.proof
    assert "415 for a page called image/png" in evidence(result)
    assert more_tests(result)


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        swapped("if size > MAX_BYTES:", "if not chunks:"),
        swapped("if beginning.startswith(magic):", "if magic:"),
        swapped("secrets.token_hex(16), 0", '"0" * 32, 0'),
        swapped("filename=name, headers=headers", "headers=headers"),
        swapped("dependencies=[Depends(verify_api_key)],", ""),
    ],
    ids=["of any size", "of any kind", "under one name", "shown by the browser", "by strangers"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    assert "promise" in broken_steps(broken(app, "file-upload", edit))
