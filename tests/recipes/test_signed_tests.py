"""Tests that called as strangers get the credentials that tests of the same app have: by the nearest way there is."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from fastwright.changes import Applied, Change
from fastwright.project.source import Source
from fastwright.project.static import read_static
from fastwright.proof.promise import Closed
from fastwright.recipes._recipe import Known
from fastwright.recipes._signed_tests import signed_tests

APP = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/tools/{tool_id}")
def show(tool_id: int): ...
"""


def closed(method: str, path: str) -> Closed:
    return Closed(
        method=method,
        path=path,
        before=200,
        was_open=True,
        guard="guard",
        guard_file="main.py",
        guard_name="guard",
        expression="Depends(guard)",
    )


def edited(root: Path, tests: str, broken: str, *, role: str | None = None) -> str | None:
    """Return what becomes of the tests, or nothing if there were no credentials."""
    (root / "main.py").write_text(APP, encoding="utf-8")
    file = root / "test_main.py"
    file.write_text(dedent(tests), encoding="utf-8")
    known = Known(read_static(root), Source.read(root))
    signed = signed_tests(known, [closed("GET", "/tools/{tool_id}")], [f"test_main.py::{broken}"], role)
    if signed.left:
        assert not signed.operations
        return None
    outcomes = Change(summary="sign in", operations=signed.operations).attempt(root)
    assert all(isinstance(one, Applied) for one in outcomes), outcomes
    return file.read_text(encoding="utf-8")


def test_a_fixture_that_other_tests_send_becomes_a_parameter(tmp_path: Path) -> None:
    tests = """
        def test_mine(client, user_headers: dict[str, str]):
            assert client.get("/mine", headers=user_headers).status_code == 200


        def test_show(client):
            assert client.get(f"/tools/{1}").status_code == 200
    """
    after = edited(tmp_path, tests, "test_show")
    assert after is not None
    assert "def test_show(client, user_headers: dict[str, str]):" in after
    assert 'client.get(f"/tools/{1}", headers=user_headers)' in after


def test_who_is_above_others_is_only_sent_where_a_role_is_wanted(tmp_path: Path) -> None:
    tests = """
        def test_all(client, admin_headers):
            assert client.get("/all", headers=admin_headers).status_code == 200
            assert client.get("/more", headers=admin_headers).status_code == 200


        def test_mine(client, user_headers):
            assert client.get("/mine", headers=user_headers).status_code == 200


        def test_show(client):
            client.get("/tools/1")
    """
    assert 'client.get("/tools/1", headers=user_headers)' in (edited(tmp_path, tests, "test_show") or "")
    assert 'client.get("/tools/1", headers=admin_headers)' in (edited(tmp_path, tests, "test_show", role="admin") or "")


def test_a_client_that_is_signed_in_takes_the_place_of_one_that_is_not(tmp_path: Path) -> None:
    tests = """
        class TestTools:
            async def test_mine(self, auth_client):
                assert (await auth_client.get("/mine")).status_code == 200

            async def test_show(self, client):
                assert (await client.get("/tools/1")).status_code == 200
                assert (await client.get("/other")).status_code == 200
    """
    after = edited(tmp_path, tests, "TestTools::test_show[asyncio]")
    assert after is not None
    assert "async def test_show(self, client, auth_client):" in after
    assert '(await auth_client.get("/tools/1"))' in after
    assert '(await client.get("/other"))' in after


def test_a_constant_of_the_file_is_sent_as_other_tests_do(tmp_path: Path) -> None:
    tests = """
        ROOT = {"X-Token": "root"}
        TOOL = "/tools/7?full=1"


        def test_all(c):
            c.get("/all", headers=ROOT)


        def test_show(c):
            assert c.get(TOOL).json() == {}
    """
    assert "c.get(TOOL, headers=ROOT)" in (edited(tmp_path, tests, "test_show") or "")


def test_what_has_no_credentials_is_left(tmp_path: Path) -> None:
    assert edited(tmp_path, "def test_show(client):\n    client.get('/tools/1')\n", "test_show") is None


def test_requests_to_what_stays_open_are_left_as_they_are(tmp_path: Path) -> None:
    tests = """
        def test_show(client, headers):
            client.get("/mine", headers=headers)
            client.post("/tools/1")
            client.get("/tools/1/owner")
            client.get("/tools/1")
    """
    after = edited(tmp_path, tests, "test_show")
    assert after is not None
    assert 'client.post("/tools/1")' in after
    assert 'client.get("/tools/1/owner")' in after
    assert 'client.get("/tools/1", headers=headers)' in after
