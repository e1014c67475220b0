"""`prove`: each way to break an app on purpose is found and named, and what breaks nothing passes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from terminal import fastwright, one_object

from fastwright.errors import InputError
from fastwright.verbs.prove import ProveRequest, ProveResult, prove
from tests.apps.corpus import copy, interpreter

LIBRARY = "tool_library"
HUB = "parcelhub"
RELAY = "hookrelay"
LOBBY = "game_lobby"
GREENHOUSE = "greenhouse"
V1 = "/api/v1"


def repository(app: str, to: Path) -> Path:
    """Return a copy of the app, committed on a branch `main`."""
    place = copy(app, to)
    git(place, "init", "-q", "-b", "main")
    commit(place, "as it was")
    return place


def commit(place: Path, message: str) -> None:
    git(place, "add", "--all")
    git(place, "commit", "-q", "--allow-empty", "-m", message)


def git(place: Path, *arguments: str) -> str:
    who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=place, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def edit(place: Path, file: str, old: str, new: str) -> None:
    """Replace what must be there exactly once; without an old text, append the new one."""
    path = place / file
    text = path.read_text(encoding="utf-8")
    assert not old or text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new) if old else text + new, encoding="utf-8")


def python(app: str) -> Path:
    """Return an interpreter for the app; one for all of them can be named, where none can be installed."""
    named = os.environ.get("FASTWRIGHT_FOREIGN_PYTHON")
    return Path(named) if named else interpreter(app)


@dataclass(frozen=True)
class Case:
    """An edit of an app, and everything harmful that has to be found: no more and no less."""

    app: str
    edits: tuple[tuple[str, str, str], ...]
    access: frozenset[tuple[str, str]] = frozenset()
    contract: frozenset[tuple[str, str]] = frozenset()


def case(app: str, file: str, old: str, new: str, *more: tuple[str, str, str]) -> Case:
    return Case(app, ((file, old, new), *more))


def weaker(one: Case, rule: str, *endpoints: str) -> Case:
    return Case(one.app, one.edits, one.access | {(rule, endpoint) for endpoint in endpoints}, one.contract)


def breaks(one: Case, rule: str, *endpoints: str) -> Case:
    return Case(one.app, one.edits, one.access, one.contract | {(rule, endpoint) for endpoint in endpoints})


KEEPER = "data: ToolIn, db: Session = Depends(get_db), keeper: Member = Depends(keeper_only)"
DEPOT = "class DepotOut(Orm):\n    id: int\n    code: str\n    city: str\n"
SHADOW = '@router.get("/{code}")\ndef depot(code: str):\n    return code\n\n\n'
SOCKET = (
    ("    me: Player = Depends(socket_player),\n    session", "    session"),
    ("Line(table_id=table_id, nick=me.nick", 'Line(table_id=table_id, nick="?"'),
)

CLIENTS = (
    "GET /v2/targets", "POST /v2/targets", "DELETE /v2/targets/{target_id}",
    "POST /v2/events", "GET /v2/events/{event_id}", "GET /v2/event-types",
)  # fmt: skip

HARMFUL = {
    "a guard is dropped": weaker(
        case(LIBRARY, "main.py", ", dependencies=[Depends(keeper_only)]", ""),
        "endpoint-public", "DELETE /tools/{tool_id}",
    ),
    "a guard of an include is dropped": weaker(
        case(HUB, "parcelhub/api/v1/__init__.py", ', tags=["parcels"], dependencies=[Depends(staff_member)]', ""),
        "endpoint-public",
        f"GET {V1}/parcels", f"GET {V1}/parcels/{{parcel_id}}", f"POST {V1}/parcels/{{parcel_id}}/scans",
    ),
    "a guard of a mounted app is dropped": weaker(
        case(LOBBY, "lobby/backoffice.py", ", dependencies=[Depends(operator)]", ""),
        "endpoint-public", "GET /backoffice/numbers", "PUT /backoffice/players/{nick}/ban",
        "POST /backoffice/tables/{table_id}/close",
    ),
    "a guard of a WebSocket is dropped": weaker(
        Case(LOBBY, tuple(("lobby/server.py", old, new) for old, new in SOCKET)),
        "endpoint-public", "WEBSOCKET /tables/{table_id}/ws",
    ),
    "a middleware that guards is dropped": weaker(
        case(RELAY, "relay/main.py", "app.add_middleware(InternalAuthMiddleware)\n", ""),
        "endpoint-public", "POST /internal/deliver", "GET /internal/queue",
    ),
    "a guard lets everybody through": weaker(
        case(RELAY, "relay/auth.py", 'raise HTTPException(status_code=401, detail="missing or wrong X-API-Key")',
             'return "nobody"'),
        "endpoint-public", *CLIENTS,
    ),
    "a guard for a role becomes one for everybody": weaker(
        case(LIBRARY, "main.py", f"def add_tool({KEEPER}",
             f"def add_tool({KEEPER}".replace("keeper_only", "current_member")),
        "roles-changed", "POST /tools",
    ),
    "another role is let in": weaker(
        case(HUB, "parcelhub/api/v1/parcels.py", '("dispatcher", "admin")', '("dispatcher", "admin", "courier")'),
        "roles-changed", f"POST {V1}/parcels",
    ),
    "a guard fails before it refuses": weaker(
        case(RELAY, "relay/auth.py", 'request.headers.get("X-API-Key", "")', 'request.headers["X-API-Key"]'),
        "refusal-not-seen", *CLIENTS,
    ),
    "a public twin comes before a guarded endpoint": breaks(
        weaker(
            case(LIBRARY, "main.py", '@app.get("/overdue")', '@app.get("/overdue")\ndef twin():\n    return []\n\n\n'
                 '@app.get("/overdue")'),
            "endpoint-public", "GET /overdue",
        ),
        "endpoint-shadowed", "GET /overdue",
    ),
    "a path is shadowed": breaks(
        weaker(
            case(HUB, "parcelhub/api/v1/depots.py", '@router.get("/colleagues"', SHADOW + '@router.get("/colleagues"'),
            "refusal-not-seen", f"GET {V1}/depots/colleagues",
        ),
        "endpoint-shadowed", f"GET {V1}/depots/colleagues",
    ),
    "a route is dropped": breaks(
        case(HUB, "parcelhub/api/v1/depots.py", '@router.get("/colleagues", response_model=list[StaffOut])\n', ""),
        "endpoint-removed", f"GET {V1}/depots/colleagues",
    ),
    "a router is not included any more": breaks(
        case(HUB, "parcelhub/api/v1/__init__.py",
             'router.include_router(tracking.router, prefix="/track", tags=["tracking"])\n', ""),
        "endpoint-removed", f"GET {V1}/track/{{tracking}}",
    ),
    "a method is dropped": breaks(
        case(LIBRARY, "main.py", '@app.put("/tools/{tool_id}", response_model=ToolOut)\n', ""),
        "method-removed", "PUT /tools/{tool_id}",
    ),
    "a path is renamed": breaks(
        case(LIBRARY, "main.py", '"/overdue"', '"/late"'), "endpoint-removed", "GET /overdue",
    ),
    "a status is changed": breaks(
        case(LIBRARY, "main.py", '"/tools", response_model=ToolOut, status_code=201',
             '"/tools", response_model=ToolOut'),
        "success-status-changed", "POST /tools",
    ),
    "a secret is returned": breaks(
        case(LIBRARY, "main.py", "    display_name: str\n\n    model_config",
             "    display_name: str\n    pw_hash: str\n\n    model_config"),
        "response-secret-added", "POST /signup", "GET /me", "GET /loans", "POST /loans", "POST /loans/{loan_id}/return",
    ),
    "a response model is dropped": breaks(
        case(LIBRARY, "main.py", '"/me", response_model=MemberOut', '"/me"'), "response-type-changed", "GET /me",
    ),
    "a required field is added": breaks(
        case(LIBRARY, "main.py", "    days: int = 7", "    why: str\n    days: int = 7"),
        "request-required-field-added", "POST /loans",
    ),
    "an optional field becomes required": breaks(
        case(LIBRARY, "main.py", "days: int = 7", "days: int"), "request-field-required", "POST /loans",
    ),
    "a required parameter is added": breaks(
        case(LIBRARY, "main.py", "def list_tools(\n", "def list_tools(\n    shelf: str,\n"),
        "required-parameter-added", "GET /tools",
    ),
    "a bound is narrowed": breaks(
        case(HUB, "parcelhub/schemas.py", "max_length=8", "max_length=4"),
        "request-narrowed", f"POST {V1}/admin/depots",
    ),
    "a parameter is narrowed": breaks(
        case(HUB, "parcelhub/api/v1/parcels.py", "le=250", "le=100"), "request-narrowed", f"GET {V1}/parcels",
    ),
    "a type is changed": breaks(
        case(HUB, "parcelhub/schemas.py", "class StaffOut(Orm):\n    id: int", "class StaffOut(Orm):\n    id: str"),
        "response-type-changed", f"GET {V1}/depots/colleagues", f"GET {V1}/admin/staff", f"POST {V1}/admin/staff",
    ),
    "a value is not accepted any more": breaks(
        case(HUB, "parcelhub/schemas.py", '"in", "out", "delivered", "lost"', '"in", "out", "delivered"'),
        "request-enum-value-removed", f"POST {V1}/parcels/{{parcel_id}}/scans",
    ),
    "a field is not returned any more": breaks(
        case(HUB, "parcelhub/schemas.py", DEPOT, DEPOT.removesuffix("    city: str\n")),
        "response-field-removed", f"GET {V1}/depots/", f"GET {V1}/parcels", f"GET {V1}/parcels/{{parcel_id}}",
        f"POST {V1}/parcels", f"POST {V1}/admin/depots",
    ),
    "a field can be null": breaks(
        case(HUB, "parcelhub/schemas.py", "    what: str\n", "    what: str | None\n"),
        "response-nullable", f"GET {V1}/track/{{tracking}}", f"POST {V1}/parcels/{{parcel_id}}/scans",
    ),
    "a content type is changed": breaks(
        case(LIBRARY, "main.py", '@app.get("/")', '@app.get("/", response_class=HTMLResponse)',
             ("main.py", "from pydantic import", "from fastapi.responses import HTMLResponse\nfrom pydantic import")),
        "response-content-type-changed", "GET /",
    ),
    "a guard is added": breaks(
        case(LIBRARY, "main.py", '"/tools", response_model=list[ToolOut]',
             '"/tools", response_model=list[ToolOut], dependencies=[Depends(current_member)]'),
        "auth-required", "GET /tools",
    ),
    "a role is asked for": breaks(
        case(LIBRARY, "main.py", "def me(member: Member = Depends(current_member)",
             "def me(member: Member = Depends(keeper_only)"),
        "role-required", "GET /me",
    ),
    "an endpoint fails": breaks(
        case(HUB, "parcelhub/main.py", 'return {"ok": True}', 'return {"ok": 1 / 0}'), "answer-changed", "GET /healthz",
    ),
}  # fmt: skip

NEW_ENDPOINT = '\n\n@app.get("/count")\ndef count(member: Member = Depends(current_member)):\n    return 1\n'
HARMLESS = {
    "a comment": case(LIBRARY, "main.py", "# we never really delete", "# nothing is deleted"),
    "a new endpoint with a guard": case(LIBRARY, "main.py", "", NEW_ENDPOINT),
    "another name for a handler": case(LIBRARY, "main.py", "def who_has_what(", "def on_loan("),
    "another name for a path parameter": case(
        LIBRARY, "main.py", '@app.post("/loans/{loan_id}/return", response_model=LoanOut)\ndef bring_back(loan_id: int',
        '@app.post("/loans/{number}/return", response_model=LoanOut)\ndef bring_back(number: int',
        ("main.py", ".get(loan_id)", ".get(number)"),
    ),
    "another name for a model": case(
        HUB, "parcelhub/schemas.py", "class ScanIn(", "class ScanInput(",
        ("parcelhub/api/v1/parcels.py", "ScanIn, ScanOut", "ScanInput, ScanOut"),
        ("parcelhub/api/v1/parcels.py", "body: ScanIn,", "body: ScanInput,"),
    ),
    "an optional field, and one that is returned": case(
        LIBRARY, "main.py", "    days: int = 7", '    days: int = 7\n    note: str = ""',
        ("main.py", "class ToolOut(ToolIn):\n    id: int", "class ToolOut(ToolIn):\n    id: int\n    weight: int = 0"),
    ),
    "a wider bound": case(LIBRARY, "main.py", "le=200", "le=500"),
    "one more value is accepted": case(HUB, "parcelhub/schemas.py", '"lost"]', '"lost", "found"]'),
    "a guard in another place": case(
        HUB, "parcelhub/api/v1/depots.py", ', dependencies=[Depends(staff_member)])', ")",
        ("parcelhub/api/v1/__init__.py", '(depots.router, ', "(depots.router, dependencies=[Depends(staff_member)], "),
    ),
}  # fmt: skip


def proven(one: Case, place: Path, *, tests: bool = False, allow: tuple[str, ...] = ()) -> ProveResult:
    for file, old, new in one.edits:
        edit(place, file, old, new)
    return prove(ProveRequest(project=place, python=python(one.app), tests=tests, allow=allow, queries=False))


def harm(result: ProveResult) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    access = {(row.rule, row.shown) for row in result.access if row.harmful}
    return access, {(change.rule, operation.shown) for operation, change in result.contract.changes("breaking")}


def together(cases: Sequence[Case]) -> Case:
    """Return all of these edits of an app as one."""
    return Case(
        cases[0].app,
        tuple(change for one in cases for change in one.edits),
        frozenset(row for one in cases for row in one.access),
        frozenset(row for one in cases for row in one.contract),
    )


def batches() -> list[list[str]]:
    """Return the harmful edits, those of one app together as long as no two of them harm the same endpoint."""
    found: list[list[str]] = []
    for name in HARMFUL:
        fitting = next((batch for batch in found if all(are_apart(name, other) for other in batch)), None)
        if fitting is None:
            found.append(fitting := [])
        fitting.append(name)
    return found


def are_apart(*names: str) -> bool:
    one, other = (HARMFUL[name] for name in names)
    return one.app == other.app and harmed(one).isdisjoint(harmed(other))


def harmed(one: Case) -> set[str]:
    return {endpoint for _rule, endpoint in one.access | one.contract}


@pytest.mark.slow
@pytest.mark.parametrize("names", batches(), ids=", ".join)
def test_what_is_broken_on_purpose_is_named_and_nothing_else(names: list[str], tmp_path: Path) -> None:
    one = together([HARMFUL[name] for name in names])
    result = proven(one, repository(one.app, tmp_path))
    assert harm(result) == (one.access, one.contract)
    assert result.verdict == "broken"
    public = {endpoint for rule, endpoint in one.access if rule == "endpoint-public"}
    assert {row.shown for row in result.became_public} == public
    for row in (
        *(row for row in result.access if row.harmful),
        *(pair[0] for pair in result.contract.changes("breaking")),
    ):
        assert row.file
        assert row.line


@pytest.mark.slow
@pytest.mark.parametrize("app", [LIBRARY, HUB])
def test_what_breaks_nothing_passes(app: str, tmp_path: Path) -> None:
    harmless = [one for one in HARMLESS.values() if one.app == app]
    result = proven(together(harmless), repository(app, tmp_path), tests=True)
    assert harm(result) == (set(), set())
    assert result.verdict == "proven"


LATER = '@pytest.mark.skip(reason="later")\ndef test_overdue('
TESTS = {
    "a test is removed": ("test_main.py", "def test_overdue(", "def check_overdue(", "missing"),
    "the app breaks a test": ("main.py", "days=data.days", "days=9", "failing"),
    "a new test fails": ("test_main.py", "", "\n\ndef test_new():\n    assert False\n", "new_failing"),
    "a test is skipped": ("test_main.py", "def test_overdue(", LATER, "skipped"),
    "no test can be imported": ("test_main.py", "from main import Base", "from main import Nothing", "missing"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TESTS)
def test_the_tests_of_both_trees_are_held_against_each_other(name: str, tmp_path: Path) -> None:
    file, old, new, what = TESTS[name]
    result = proven(case(LIBRARY, file, old, new), repository(LIBRARY, tmp_path), tests=True)
    assert result.verdict == "broken"
    assert harm(result) == (set(), set())
    assert [step.name for step in result.proof.failures] == ["tests"]
    assert result.tests
    assert getattr(result.tests, what)


@pytest.mark.slow
def test_a_test_with_another_name_is_not_missing(tmp_path: Path) -> None:
    result = proven(
        case(LIBRARY, "test_main.py", "def test_overdue(", "def test_what_is_overdue("),
        repository(LIBRARY, tmp_path), tests=True,
    )  # fmt: skip
    assert result.verdict == "proven"
    assert result.tests
    assert list(result.tests.renamed) == ["test_main.py::test_overdue"]


@pytest.mark.slow
def test_what_failed_before_is_not_held_against_the_change(tmp_path: Path) -> None:
    place = repository(LIBRARY, tmp_path)
    edit(place, "test_main.py", "", "\n\ndef test_never():\n    assert False\n")
    commit(place, "a test that never passed")
    result = proven(case(LIBRARY, "README.md", "", "\nMore.\n"), place, tests=True)
    assert result.verdict == "proven"
    assert result.tests
    assert result.tests.still_failing == ("test_main.py::test_never",)


@pytest.mark.slow
def test_tests_cannot_reach_a_database_or_a_file_that_the_run_did_not_create(tmp_path: Path) -> None:
    place = repository(LIBRARY, tmp_path)
    outside = tmp_path / "outside.txt"
    reach = (
        "\n\ndef test_writes():\n"
        f"    open({str(outside)!r}, 'w')\n"
        "\n\ndef test_connects():\n    import socket\n    socket.create_connection(('127.0.0.1', 5432), 1)\n"
    )
    edit(place, "test_main.py", "", reach)
    commit(place, "tests that reach out")
    result = proven(case(LIBRARY, "README.md", "", "\nMore.\n"), place, tests=True)
    assert result.tests
    assert result.tests.still_failing == ("test_main.py::test_connects", "test_main.py::test_writes")
    assert not outside.exists()


MODEL = ("app/models/plant.py", "    is_heated: bool = False\n", "    is_heated: bool = False\n    rows: int = 1\n")
DOWN = "alembic/versions/7be0c9a4f613_heated_benches.py"


@pytest.mark.slow
def test_a_column_without_a_migration_is_found(tmp_path: Path) -> None:
    result = proven(Case(GREENHOUSE, (MODEL,)), repository(GREENHOUSE, tmp_path))
    (step,) = result.proof.failures
    assert step.name == "migrations"
    assert "do not give what the models say" in step.evidence


@pytest.mark.slow
def test_a_migration_that_does_not_run_down_is_found(tmp_path: Path) -> None:
    place = repository(GREENHOUSE, tmp_path)
    edit(place, DOWN, "def downgrade():\n", "def downgrade():\n    raise RuntimeError\n")
    result = proven(Case(GREENHOUSE, ()), place)
    (step,) = result.proof.failures
    assert "do not run down" in step.evidence


@pytest.mark.slow
def test_an_app_that_cannot_be_imported_any_more_is_broken(tmp_path: Path) -> None:
    result = proven(case(LIBRARY, "main.py", "app = FastAPI(", "app = FastAPI(("), repository(LIBRARY, tmp_path))
    assert result.verdict == "broken"
    assert result.proof.failures[0].name == "app"
    assert "main.py:" in result.proof.failures[0].evidence


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    Base.metadata.create_all(engine)\n", "    raise RuntimeError\n", "startup"),
        ("def healthz():", "def healthz() -> JustAny:", "OpenAPI"),
    ],
)
def test_an_app_that_does_not_start_or_describe_itself_any_more_is_broken(
    old: str, new: str, what: str, tmp_path: Path
) -> None:
    place = repository(HUB, tmp_path)
    opaque = (
        "from fastapi import FastAPI\nfrom pydantic import BaseModel\nfrom typing import Callable\n\n\n"
        "class JustAny(BaseModel):\n    call: Callable[[int], int]\n"
    )
    edit(place, "parcelhub/main.py", "from fastapi import FastAPI\n", opaque)
    result = proven(case(HUB, "parcelhub/main.py", old, new), place)
    assert result.verdict == "broken"
    assert result.proof.failures[0].name == "app"
    assert what in result.proof.failures[0].evidence


@pytest.mark.slow
def test_what_was_announced_passes_and_says_so(tmp_path: Path) -> None:
    place = repository(LIBRARY, tmp_path)
    one = HARMFUL["a guard is dropped"]
    allowed = proven(one, place, allow=("endpoint-public DELETE /tools/{tool_id}",))
    assert allowed.verdict == "incomplete"  # the tests were not run
    assert allowed.became_public[0].announced
    for too_little in ("endpoint-public", "DELETE /tools/{tool_id}"):
        assert proven(Case(LIBRARY, ()), place, allow=(too_little,)).verdict == "broken"


@pytest.mark.slow
def test_the_checkout_is_not_touched(tmp_path: Path) -> None:
    place = repository(LIBRARY, tmp_path)
    edit(place, "main.py", "# we never really delete", "# nothing is deleted")
    git(place, "status")
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    proven(Case(LIBRARY, ()), place, tests=True)
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


@pytest.mark.slow
def test_the_door_tells_people_programs_and_pull_requests(tmp_path: Path) -> None:
    place = repository(LIBRARY, tmp_path)
    one = HARMFUL["a guard is dropped"]
    edit(place, *one.edits[0])
    command = ("prove", "--no-tests", "--no-queries", "--python", str(python(LIBRARY)))
    words = fastwright(place, *command)
    assert words.returncode == 1
    assert words.stdout.rstrip().endswith("DELETE /tools/{tool_id} became public")
    assert "queries: left out, as asked" in words.stdout
    data = one_object(fastwright(place, *command, "--json").stdout)
    assert {"proof", "contract", "access", "queries"} <= data.keys()
    assert data["contract"].keys() >= {"added", "changed", "removed", "breaking"}
    assert data["queries"]["measured"] is False
    markdown = fastwright(place, *command, "--markdown")
    assert markdown.stderr == ""
    assert markdown.stdout.startswith("## ❌ DELETE /tools/")
    assert "> [!CAUTION]\n> **`DELETE /tools/{tool_id}` became public**" in markdown.stdout
    assert markdown.stdout.count("<details") == markdown.stdout.count("</details>")


@pytest.mark.slow
def test_the_base_is_chosen_by_what_there_is(tmp_path: Path) -> None:
    place = repository(LIBRARY, tmp_path)
    first = git(place, "rev-parse", "HEAD")
    edit(place, "main.py", '"/overdue"', '"/late"')
    assert prove(ProveRequest(project=place, python=python(LIBRARY), tests=False, queries=False)).base.commit == first
    commit(place, "a path is renamed")
    moved = prove(ProveRequest(project=place, python=python(LIBRARY), tests=False, queries=False))
    assert (moved.base.commit, moved.verdict) == (first, "broken")
    git(place, "checkout", "-q", "-b", "work")
    for number in (1, 2):
        commit(place, f"commit {number}")
    branch = prove(ProveRequest(project=place, python=python(LIBRARY), tests=False, queries=False))
    assert branch.base.commit == git(place, "rev-parse", "main")
    assert branch.base.reason == "where this branch left main"


def test_what_cannot_be_compared_is_told_with_a_hint(tmp_path: Path) -> None:
    outside = fastwright(tmp_path, "prove")
    assert outside.returncode == 2
    assert "git" in outside.stderr
    place = repository(LIBRARY, tmp_path)
    for revision in ("nowhere", "--help", "HEAD~1"):
        done = fastwright(place, "prove", "--base", revision)
        assert done.returncode in (0, 2)
        assert "Traceback" not in done.stderr
    with pytest.raises(InputError, match="no commit nowhere"):
        prove(ProveRequest(project=place, base="nowhere"))
    both = fastwright(place, "prove", "--json", "--markdown")
    assert both.returncode == 2
