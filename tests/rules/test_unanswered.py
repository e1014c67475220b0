"""Rules begin while the app is still being asked: what they find is the same, and none believes what code claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.project.model import Project
from fastwright.project.read import Meanwhile, read_project
from fastwright.rules import names
from fastwright.rules._audit import Auditing, audit
from fastwright.rules._engine.endpoints import Unanswered
from fastwright.rules._engine.reading import Files, list_files, parse_files
from fastwright.rules._engine.view import View
from fastwright.rules._settings import read_settings
from tests.apps.corpus import APPS, copy, interpreter
from tests.project.projects import TODAY, environment

RULES = Path(__file__).parents[2] / "src" / "fastwright" / "rules"
# The guard lets everybody in, whatever it says; the middleware refuses where no guard is.
DECEITFUL = """\
from typing import Annotated
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
bearer = OAuth2PasswordBearer("/token", auto_error=False)
CLOSED = False
ROWS = {1: "first"}

async def current_user(token: Annotated[str | None, Depends(bearer)]) -> str:
    if token is None and CLOSED:
        raise HTTPException(401)
    return token or "anybody"

@app.middleware("http")
async def refuse(request, call_next):
    if request.url.path.startswith("/inner"):
        return JSONResponse({}, status_code=401)
    return await call_next(request)

@app.delete("/rows/{number}", status_code=204)
def delete_row(number: int, user: Annotated[str, Depends(current_user)]) -> None:
    ROWS.pop(number, None)

@app.put("/rows/{number}", status_code=204)
def put_row(number: int, text: str) -> None:
    ROWS[number] = text

@app.delete("/inner/{number}", status_code=204)
def delete_inner(number: int) -> None:
    ROWS.pop(number, None)
"""


@pytest.fixture
def deceitful(tmp_path: Path) -> Path:
    (tmp_path / "main.py").write_text(DECEITFUL, encoding="utf-8")
    return tmp_path


def read(root: Path) -> Files:
    contents, problems = list_files(root, read_settings(root).excludes)
    return parse_files(root, contents, problems)


def both(root: Path, python: Path) -> tuple[list[str], list[str], list[str]]:
    """Return what is found with all answers, and with what is claimed first; and the rules that waited."""
    seen: list[Project] = []
    project = read_project(root, python=python, meanwhile=Meanwhile(described=seen.append))
    files = read(root)
    at_once = audit(files, project, names())
    begun = Auditing(View(files, seen[0], is_answered=False), names())
    begun.begin(lambda: False)
    waited = begun.waiting
    finished = begun.finish(project)
    return [one.fingerprint for one in at_once.findings], [one.fingerprint for one in finished.findings], waited


@pytest.mark.parametrize("app", APPS)
def test_what_is_found_is_the_same_whether_the_answers_come_first_or_last(app: str, tmp_path: Path) -> None:
    at_once, finished, waited = both(copy(app, tmp_path), interpreter(app))
    assert finished == at_once
    assert len(waited) < len(names()) / 2


def test_an_answer_is_believed_and_not_what_the_code_claims(deceitful: Path) -> None:
    at_once, finished, waited = both(deceitful, environment(*TODAY))
    assert finished == at_once
    assert "endpoint-without-auth" in waited


def test_who_may_call_an_endpoint_cannot_be_asked_before_it_has_answered(deceitful: Path) -> None:
    project = read_project(deceitful, python=environment(*TODAY))
    view = View(read(deceitful), project, is_answered=False)
    with pytest.raises(Unanswered):
        _ = view.routes[0].auth
    view.answer(project)
    assert view.routes[0].auth == project.endpoints[0].auth


def test_rules_ask_a_route_and_not_its_endpoint() -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in RULES.rglob("*.py")}
    assert {name for name, text in texts.items() if "endpoint.auth" in text} == {"endpoints.py", "routing.py"}
