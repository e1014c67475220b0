"""`fastwright protect` on foreign apps: what lands, what is refused and why, and that nothing else changes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.apps.corpus import copy, interpreter

DOOR = Path(__file__).parent / "fake_door.py"
SECONDS = 400


@dataclass(frozen=True)
class App:
    """An app in a directory of the test's own, and its interpreter."""

    root: Path
    python: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(DOOR), *arguments],
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def protect(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        done = self.run("protect", *arguments, "--python", str(self.python), "--json")
        return done.returncode, json.loads(done.stdout)

    def files(self) -> dict[str, bytes]:
        """Return what the project holds, without the journal of Fastwright itself."""
        found = [path for path in self.root.rglob("*") if path.is_file()]
        names = {path: path.relative_to(self.root).as_posix() for path in found}
        return {name: path.read_bytes() for path, name in names.items() if not name.startswith(".fastwright")}


Open = Callable[..., App]


@pytest.fixture
def foreign(tmp_path: Path) -> Open:
    """Open an app of the corpus; without its tests, a proof is quick."""

    def opened(name: str, *, without: tuple[str, ...] = ()) -> App:
        root = copy(name, tmp_path)
        for path in without:
            shutil.rmtree(root / path) if (root / path).is_dir() else (root / path).unlink()
        return App(root, interpreter(name))

    return opened


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Mapping[str, str]], App]:
    """Open an app that is written by the test, in the environment of one of the corpus."""

    def opened(files: Mapping[str, str]) -> App:
        for name, text in files.items():
            path = tmp_path / "project" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return App(tmp_path / "project", interpreter("tool_library"))

    return opened


def statuses(answer: dict[str, Any]) -> dict[str, str]:
    return {step["name"]: step["status"] for step in answer["proof"]["steps"]}


def changed_lines(answer: dict[str, Any]) -> list[str]:
    lines = str(answer["diff"]).splitlines()
    return [line for line in lines if line[:1] in "+-" and not line.startswith(("+++", "---"))]


STRANGER = """
from fastapi.testclient import TestClient

from test_main import app


def test_strangers_see_tools():
    assert TestClient(app).get("/tools").status_code == 200
"""


def test_a_forgotten_endpoint_is_closed_and_undo_brings_back_every_byte(foreign: Open) -> None:
    app = foreign("vetbook")
    before = app.files()
    code, answer = app.protect("/patients/{id}/visits")
    assert code == 0, answer
    assert answer["landed"] is True
    assert set(statuses(answer).values()) == {"passed"}
    assert [(one["method"], one["path"]) for one in answer["access"]] == [
        ("DELETE", "/patients/{patient_id}/visits/{visit_id}")
    ]
    after = app.files()
    assert [name for name in after if after[name] != before.get(name)] == ["vetbook/visits/router.py"]
    assert changed_lines(answer) == [
        "-from fastapi import APIRouter, HTTPException, Security",
        "+from fastapi import APIRouter, Depends, HTTPException, Security",
        '-@router.delete("/{visit_id}", status_code=204)',
        '+@router.delete("/{visit_id}", status_code=204, dependencies=[Depends(get_current_active_user)])',
    ]
    assert app.run("undo").returncode == 0
    assert app.files() == before


def test_a_second_run_changes_nothing_and_says_so(foreign: Open) -> None:
    app = foreign("vetbook", without=("tests",))
    assert app.protect("/patients/{id}/visits")[0] == 0
    before = app.files()
    code, answer = app.protect("/patients/{id}/visits")
    assert (code, answer["landed"]) == (0, False)
    assert re.search("already wants? callers with credentials", answer["already"])
    assert app.files() == before


@pytest.mark.slow
def test_tests_that_call_it_as_strangers_are_given_the_credentials_that_they_have(foreign: Open) -> None:
    app = foreign("tool_library")
    before = app.files()
    code, answer = app.protect("/tools")
    assert (code, answer["landed"]) == (0, True), answer["proof"]
    assert statuses(answer)["tests"] == "passed"
    assert '+    assert client.get("/tools", headers=keeper).json() == []' in changed_lines(answer)
    assert [name for name in app.files() if app.files()[name] != before[name]] == ["main.py", "test_main.py"]
    assert (
        "test_main.py::test_retired_tools_are_hidden calls it with headers=keeper."
        in (answer["explanation"]["decisions"])
    )
    assert app.run("undo").returncode == 0
    assert app.files() == before


@pytest.mark.slow
def test_tests_without_credentials_are_listed_and_nothing_changes(foreign: Open) -> None:
    app = foreign("tool_library")
    (app.root / "test_other.py").write_text(STRANGER, encoding="utf-8")
    before = app.files()
    code, answer = app.protect("/tools")
    assert (code, answer["landed"]) == (1, False)
    assert answer["broken_tests"] == [
        "test_main.py::test_everybody_sees_the_tools",
        "test_main.py::test_retired_tools_are_hidden",
        "test_other.py::test_strangers_see_tools",
    ]
    assert statuses(answer) == {
        "tests": "failed",
        "app": "passed",
        "access": "passed",
        "contract": "passed",
        "promise": "passed",
    }
    assert "client with credentials" in answer["error"]["hint"]
    assert app.files() == before


@pytest.mark.slow
def test_tests_that_failed_before_are_told_apart(foreign: Open) -> None:
    app = foreign("vetbook")
    (app.root / "tests/test_broken.py").write_text("def test_broken():\n    assert False\n", encoding="utf-8")
    code, answer = app.protect("/patients/{id}/visits")
    assert code == 0, answer
    evidence = next(step["evidence"] for step in answer["proof"]["steps"] if step["name"] == "tests")
    assert evidence == "9 passed before, 9 now; 1 failing before and now"


@pytest.mark.slow
def test_all_of_a_router_is_closed_at_the_router(foreign: Open) -> None:
    app = foreign("conferly", without=("tests",))
    code, answer = app.protect("/rooms")
    assert code == 0, answer
    added = [line for line in changed_lines(answer) if line.startswith("+")]
    assert added == [
        "+from conferly.accounts.security import RoleChecker, authenticated",
        '+router = APIRouter(prefix="/rooms", tags=["rooms"], dependencies=[Depends(authenticated)])',
    ]
    assert [(one["method"], one["path"]) for one in answer["access"]] == [
        ("GET", "/rooms"),
        ("GET", "/rooms/{room_id}"),
    ]


@pytest.mark.slow
def test_what_is_left_out_stays_open(foreign: Open) -> None:
    app = foreign("conferly", without=("tests",))
    code, answer = app.protect("/rooms", "--except", "/rooms/{id}")
    assert code == 0, answer
    assert [one["path"] for one in answer["access"]] == ["/rooms"]
    assert "router = APIRouter" not in answer["diff"].replace(" router", "")
    _code, found = app.protect("/rooms", "--dry-run")
    assert [one["path"] for one in found["access"]] == ["/rooms/{room_id}"]


@pytest.mark.slow
def test_methods_narrow_it(foreign: Open) -> None:
    code, answer = foreign("roastery").protect("/coffees", "--methods", "delete")
    assert code == 2
    assert answer["error"]["message"] == "nothing at or below /coffees has the method DELETE"
    assert answer["error"]["hint"] == "there are GET, POST"


@pytest.mark.slow
def test_a_role_is_checked_as_the_app_checks_roles(foreign: Open) -> None:
    app = foreign("conferly", without=("tests",))
    code, answer = app.protect("/talks", "--role", "speaker", "--methods", "GET")
    assert code == 0, answer
    assert answer["diff"].count("+@router.get(") == 3
    assert answer["diff"].count('dependencies=[Depends(RoleChecker("speaker"))]') == 3
    promise = next(step["evidence"] for step in answer["proof"]["steps"] if step["name"] == "promise")
    assert "a caller without the role gets 403" in promise


@pytest.mark.slow
def test_a_guard_that_lets_another_role_through_as_well_is_not_enough(foreign: Open) -> None:
    app = foreign("conferly", without=("tests",))
    code, answer = app.protect(
        "/talks", "--role", "speaker", "--methods", "POST", "--except", "/talks/{talk_id}/acceptance"
    )
    assert code == 0, answer
    assert answer["diff"].count('dependencies=[Depends(RoleChecker("speaker"))]') == 1


@pytest.mark.slow
def test_scopes_are_roles_too(foreign: Open) -> None:
    app = foreign("vetbook", without=("tests",))
    code, answer = app.protect("/patients/{id}/visits", "--methods", "DELETE", "--role", "visits:write")
    assert code == 0, answer
    assert 'dependencies=[Security(get_current_active_user, scopes=["visits:write"])]' in answer["diff"]


@pytest.mark.slow
def test_a_parameter_where_the_neighbours_have_one(foreign: Open) -> None:
    app = foreign("greenhouse", without=("app/tests",))
    code, answer = app.protect("/api/v1/benches", "--role", "superuser")
    assert code == 0, answer
    assert changed_lines(answer) == [
        "-def read_benches(session: SessionDep) -> Any:",
        "+def read_benches(session: SessionDep, _: Superuser) -> Any:",
    ]


@pytest.mark.slow
def test_a_role_that_no_guard_knows_is_refused(foreign: Open) -> None:
    app = foreign("tool_library")
    before = app.files()
    code, answer = app.protect("/tools", "--role", "admin")
    assert code == 1
    assert answer["error"] == {"message": "no guard of this app knows the role 'admin'", "hint": "--role keeper"}
    assert app.files() == before


@pytest.mark.slow
def test_an_app_without_a_guard_is_offered_one(foreign: Open) -> None:
    code, answer = foreign("roastery").protect("/orders")
    assert (code, answer["landed"]) == (1, False)
    assert "fastwright add auth" in answer["error"]["hint"]


@pytest.mark.slow
def test_a_path_that_matches_nothing_names_the_nearest(foreign: Open) -> None:
    code, answer = foreign("tool_library").protect("/tool")
    assert code == 2
    assert "/tools" in answer["error"]["hint"]


@pytest.mark.slow
def test_who_wants_to_log_in_has_no_credentials_yet(foreign: Open) -> None:
    app = foreign("tool_library")
    code, answer = app.protect("/login")
    assert code == 1
    assert answer["error"]["message"].startswith("POST /login gives out credentials")


@pytest.mark.slow
def test_a_wide_path_leaves_logins_and_health_open(foreign: Open) -> None:
    app = foreign("game_lobby", without=("test_lobby.py", "conftest.py"))
    code, answer = app.protect("/", "--dry-run")
    assert code == 0, answer
    closed = {f"{one['method']} {one['path']}" for one in answer["access"]}
    assert "GET /ping" not in closed
    assert "GET /tables" in closed
    assert "GET /ping" in " ".join(answer["explanation"]["decisions"])


@pytest.mark.slow
def test_a_websocket_gets_the_guard_of_websockets(foreign: Open) -> None:
    app = foreign("game_lobby", without=("test_lobby.py", "conftest.py"))
    code, answer = app.protect("/watch")
    assert code == 0, answer
    assert '+@app.websocket("/watch", dependencies=[Depends(socket_player)])' in answer["diff"]


APP = """\
    from fastapi import Depends, FastAPI, HTTPException, WebSocket
    from fastapi.security import HTTPBearer

    bearer = HTTPBearer()


    def current_user(token=Depends(bearer)):
        if token.credentials != "open sesame":
            raise HTTPException(401)
        return "ali"


    app = FastAPI()


    @app.get("/me")
    def me(user=Depends(current_user)):
        return user


    @app.websocket("/feed")
    async def feed(socket: WebSocket):
        await socket.accept()
        await socket.close()


    @app.api_route("/caves", methods=["GET", "POST"])
    def caves():
        return []
"""


@pytest.mark.slow
def test_a_websocket_is_refused_where_the_app_has_no_guard_for_one(written: Callable[..., App]) -> None:
    code, answer = written({"main.py": APP}).protect("/feed")
    assert code == 1
    assert "no WebSocket of this app has a guard" in answer["error"]["message"]
    assert answer["refusal"]["items"] == ["WEBSOCKET /feed"]


@pytest.mark.slow
def test_what_is_registered_together_is_closed_together_or_not_at_all(written: Callable[..., App]) -> None:
    app = written({"main.py": APP})
    before = app.files()
    code, answer = app.protect("/caves", "--methods", "POST")
    assert code == 1
    assert answer["refusal"]["items"] == ["GET /caves"]
    assert app.files() == before
    code, answer = app.protect("/caves")
    assert code == 0, answer


@pytest.mark.slow
def test_a_guard_that_lets_everybody_in_is_not_proven(written: Callable[..., App]) -> None:
    """The guard refuses one method alone, so put on another it would protect nothing."""
    text = APP.replace("def current_user(token=Depends(bearer)):", "def current_user(request: Request):").replace(
        'if token.credentials != "open sesame":', 'if request.url.path == "/me" and "key" not in request.headers:'
    )
    app = written({"main.py": text.replace("import Depends,", "import Depends, Request,")})
    before = app.files()
    code, answer = app.protect("/caves")
    assert (code, answer["landed"]) == (1, False)
    assert statuses(answer)["promise"] == "failed"
    assert app.files() == before


@pytest.mark.slow
def test_a_dry_run_proves_and_writes_nothing(foreign: Open) -> None:
    app = foreign("shelfmark", without=("tests",))
    before = app.files()
    code, answer = app.protect("/books", "--dry-run", "--env-file", ".env.example")
    assert (code, answer["landed"], answer["proof"]["proven"]) == (0, False, True)
    assert app.files() == before


@pytest.mark.slow
def test_people_see_whose_access_changes(foreign: Open) -> None:
    app = foreign("vetbook", without=("tests",))
    done = app.run("protect", "/patients/{id}/visits", "--python", str(app.python))
    assert done.returncode == 0, done.stderr
    assert "Whose access changes" in done.stderr
    assert "DELETE /patients/{patient_id}/visits/{visit_id}  anybody" in done.stderr
    assert "fastwright undo" in done.stdout
