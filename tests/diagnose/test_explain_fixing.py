"""`explain --fix`: the app is changed so that it accepts what it refused, or nothing is; without it, it is offered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fastwright.diagnose.inputs import Typed
from fastwright.verbs.explain import Explained, ExplainRequest, explain
from fastwright.verbs.undo import UndoRequest, undo
from tests.diagnose.scoring import HERE

# An app, what is sent to it, why it is refused, and the line that is new in the app when it accepts that.
SUPPLIER = {"endpoint": "POST /suppliers", "body": {"companyName": "x", "contactEmail": "ada@example.com"}}
OFFERS = {
    "a default": ("catalog", SUPPLIER, "optional-without-default", "+    vat_id: str | None = None"),
    "a parameter's default": (
        "ferry",
        {"endpoint": "GET /search", "query": ("limit=5",)},
        "optional-without-default",
        "+def search(paging: Annotated[Paging, Query()], q: str | None = None):",
    ),
    "a query": (
        "greenhouse",
        {"endpoint": "GET /v2/compare?ids=1&ids=2"},
        "body-in-query",
        "+def compare(ids: Annotated[list[int], Query()]) -> Answer:",
    ),
    "an order": (
        "greenhouse",
        {"endpoint": "GET /v2/plants/newest"},
        "route-shadowed",
        '+@router.get("/plants/newest")',
    ),
    "a signature": (
        "greenhouse",
        {"endpoint": "GET /v2/pages"},
        "undecorated-dependency",
        "+    @functools.wraps(function)",
    ),
    "null in an answer": ("ferry", {"endpoint": "GET /harbours"}, "response-validation", "+    lat: float | None"),
    "attributes": (
        "ferry",
        {"endpoint": "GET /harbours/OSL/plain"},
        "response-validation",
        "+    model_config = ConfigDict(from_attributes=True)",
    ),
    "a relation": (
        "payroll",
        {"endpoint": "GET /api/teams/1/full"},
        "lazy-load",
        "+    found = await db.scalar(select(Team).where(Team.id == team_id).options(selectinload(Team.people)))",
    ),
}
QUICK = {"a default", "a relation"}
EACH = [pytest.param(name, marks=[pytest.mark.slow] * (name not in QUICK)) for name in OFFERS]


def asked(app: Path, python: Path, typed: object, *, fix: bool = False, dry_run: bool = False) -> Explained:
    return explain(
        ExplainRequest(typed=Typed.model_validate(typed), project=app, python=python, fix=fix, dry_run=dry_run)
    )


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "apps" / request.param, tmp_path / request.param))


@pytest.mark.parametrize("name", EACH)
def test_a_change_is_offered_that_was_tried_and_nothing_is_written(name: str, today: Path) -> None:
    app, typed, cause, line = OFFERS[name]
    found = asked(HERE / "apps" / app, today, typed)
    assert cause in {problem.cause for problem in found.problems}
    assert found.change is not None
    assert line in found.diff.splitlines()
    assert "is answered 200" in found.tried
    assert not found.landed
    assert found.proof.steps == ()
    assert not (HERE / "apps" / app / ".fastwright").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", list(OFFERS))
def test_the_change_lands_proven_and_the_same_request_is_accepted_then(name: str, tmp_path: Path, today: Path) -> None:
    source, typed, cause, line = OFFERS[name]
    app = Path(shutil.copytree(HERE / "apps" / source, tmp_path / source))
    before = {path: path.read_bytes() for path in app.rglob("*.py")}
    found = asked(app, today, typed, fix=True)
    assert found.landed, [(step.name, step.evidence) for step in found.proof.failures]
    assert line in found.diff.splitlines()
    assert {"app", "access", "contract", "promise"} <= {step.name for step in found.proof.steps}
    after = asked(app, today, typed)
    assert cause not in {problem.cause for problem in after.problems}
    assert after.change is None
    undo(UndoRequest(project=app))
    assert {path: path.read_bytes() for path in app.rglob("*.py")} == before


@pytest.mark.slow
@pytest.mark.parametrize("app", ["ferry"], indirect=True)
def test_a_dry_run_proves_and_writes_nothing(app: Path, today: Path) -> None:
    before = {path: path.read_bytes() for path in app.rglob("*.py")}
    found = asked(app, today, OFFERS["attributes"][1], fix=True, dry_run=True)
    assert found.proof.proven
    assert not found.landed
    assert {path: path.read_bytes() for path in app.rglob("*.py")} == before


@pytest.mark.slow
@pytest.mark.parametrize("app", ["ferry"], indirect=True)
def test_a_change_that_breaks_a_test_of_the_project_does_not_land(app: Path, today: Path) -> None:
    (app / "tests").mkdir()
    (app / "tests" / "test_shape.py").write_text(
        "from ferry.main import HarbourOut\n\n\ndef test_lat_is_no_option():\n"
        "    assert HarbourOut.model_fields['lat'].annotation is float\n",
        encoding="utf-8",
    )
    found = asked(app, today, OFFERS["null in an answer"][1], fix=True)
    assert not found.landed
    assert [step.name for step in found.proof.failures] == ["tests"]
    assert "lat: float\n" in (app / "ferry" / "main.py").read_text(encoding="utf-8")


def test_nothing_is_offered_where_the_request_is_at_fault(today: Path) -> None:
    body = {"origin": "osl", "ship": "Ann", "seats": 0}
    found = asked(HERE / "apps" / "ferry", today, {"endpoint": "POST /crossings", "body": body})
    assert found.verdict == "request"
    assert (found.change, found.diff, found.tried) == (None, "", "")


def test_credentials_of_the_caller_are_shown_nowhere(today: Path) -> None:
    headers = ("Authorization: Token payroll-secret-token", "Cookie: session=c00kie-value", "X-API-Key: k3y-value")
    body = {"name": "C", "password": "hunter2-hunter2"}
    typed = {"endpoint": "POST /api/teams", "headers": headers, "body": body, "query": ("access_token=t0ken-value",)}
    found = asked(HERE / "apps" / "payroll", today, typed)
    told = found.model_dump_json()
    for secret in ("payroll-secret-token", "c00kie-value", "k3y-value", "hunter2", "t0ken-value"):
        assert secret not in told
    assert found.verified
    assert found.corrected is not None
    assert found.corrected.headers["Authorization"] == "Token <token>"


def test_what_an_endpoint_compares_credentials_with_is_sent_and_not_shown(today: Path) -> None:
    found = asked(HERE / "apps" / "payroll", today, {"endpoint": "POST /api/teams", "body": {"name": "Core"}})
    assert [problem.cause for problem in found.problems] == ["authentication"]
    assert found.verified
    assert "payroll-secret-token" not in found.model_dump_json()


def test_a_login_is_accepted_with_a_row_whose_password_was_hashed_by_the_app(today: Path) -> None:
    project = HERE.parent / "apps" / "conferly"
    body = {"email": "ada@example.com", "password": "0pen-Sesame!"}
    found = asked(project, today, {"endpoint": "POST /accounts/tokens", "body": body})
    assert (found.verdict, found.verified) == ("accepted", True)
    assert "0pen-Sesame!" not in json.dumps(found.model_dump(mode="json"))
