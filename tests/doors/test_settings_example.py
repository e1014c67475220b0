"""An app that cannot be imported without variables is run with its example of them, by every verb that runs more."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fastwright.diagnose.inputs import Typed
from fastwright.verbs.explain import ExplainRequest, explain
from fastwright.verbs.prove import ProveRequest, prove
from tests.apps.corpus import copy, interpreter

APP = """
import os

from fastapi import FastAPI

app = FastAPI(title=os.environ["SHOP_TITLE"])


@app.get("/things/{key}")
def thing(key: int) -> int:
    return key
"""


@pytest.mark.slow
def test_prove_runs_the_tests_with_it(tmp_path: Path) -> None:
    place = copy("shelfmark", tmp_path)
    for words in (("init", "-q"), ("add", "--all"), ("commit", "-q", "-m", "as it was")):
        who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *words], cwd=place, check=True)
    (place / "remark.py").write_text("REMARK = 1\n", encoding="utf-8")
    found = prove(ProveRequest(project=place, python=interpreter("shelfmark"), queries=False))
    assert found.verdict == "proven", found.proof
    assert found.tests is not None
    assert found.tests.before["passed"] > 0


@pytest.mark.slow
def test_explain_starts_the_app_with_it(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(APP, encoding="utf-8")
    (tmp_path / ".env.example").write_text("SHOP_TITLE=Shop\n", encoding="utf-8")
    request = ExplainRequest(
        project=tmp_path, python=interpreter("tool_library"), typed=Typed(endpoint="GET /things/one")
    )
    found = explain(request)
    assert found.status == 422
