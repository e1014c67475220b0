"""What changes a project lands only after somebody agreed to it, and as it was shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from mcp import Client

from fastwright.mcp import calls
from fastwright.verbs.protect import ProtectResult
from tests.doors.terminal import tree
from tests.mcp.clients import Mode, Person, connect, data

pytestmark = pytest.mark.anyio
FORGOTTEN = {"path": "/patients/{id}/visits"}
ROUTER = "vetbook/visits/router.py"


def sources(root: Path) -> dict[str, str]:
    return {name: text for name, text in tree(root).items() if not name.startswith(".fastwright")}


@pytest.mark.parametrize("mode", ["auto", pytest.param("legacy", marks=pytest.mark.slow)])
async def test_a_person_is_shown_the_proven_change_and_it_lands(mode: Mode, vetbook: Path, python: Path) -> None:
    before, person = sources(vetbook), Person(land=True)
    told: list[tuple[float, float | None, str | None]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total, message))

    async with connect(vetbook, python=python, mode=mode, person=person) as client:
        answer = await client.call_tool("protect", FORGOTTEN, progress_callback=note)
        assert data(answer)["landed"] is True
        (question,) = person.asked
        assert "+@router.delete(" in question
        assert "Proven on a copy: " in question
        assert [name for name, text in sources(vetbook).items() if before[name] != text] == [ROUTER]
        undone = await client.call_tool("undo", {})
        assert data(undone)["landed"] is True
    assert len(person.asked) == 2
    assert sources(vetbook) == before
    numbers = [progress for progress, _total, _message in told]
    assert numbers == sorted(set(numbers))
    assert all(total is not None and progress <= total for progress, total, _message in told)
    assert any("App: passed" in (message or "") for _progress, _total, message in told)


@pytest.mark.parametrize("land", [False, pytest.param(None, marks=pytest.mark.slow)], ids=["says no", "declines"])
async def test_nothing_lands_if_the_person_does_not_agree(land: bool | None, vetbook: Path, python: Path) -> None:
    before = tree(vetbook)
    async with connect(vetbook, python=python, person=Person(land=land)) as client:
        answer = await client.call_tool("protect", FORGOTTEN)
    assert answer.is_error
    assert data(answer)["landed"] is False
    assert "declined" in data(answer)["error"]["message"]
    assert sources(vetbook) == before


async def test_nobody_is_asked_about_what_cannot_be_done(vetbook: Path, python: Path) -> None:
    person = Person(land=True)
    async with connect(vetbook, python=python, person=person) as client:
        unknown = await client.call_tool("protect", {"path": "/dragons"})
        login = await client.call_tool("protect", {"path": "/token"})
    assert unknown.is_error
    assert "error" in data(unknown)
    assert data(login)["landed"] is False if "landed" in data(login) else "error" in data(login)
    assert not person.asked


@pytest.mark.parametrize("mode", ["legacy", pytest.param("auto", marks=pytest.mark.slow)])
async def test_a_client_that_cannot_ask_plans_and_then_applies(mode: Mode, vetbook: Path, python: Path) -> None:
    before = sources(vetbook)
    async with connect(vetbook, python=python, mode=mode) as client:
        direct = await client.call_tool("protect", FORGOTTEN)
        assert direct.is_error
        assert "`plan`" in data(direct)["error"]["hint"]
        plan = await _plan(client)
        assert sources(vetbook) == before
        landed = await client.call_tool("apply", {"plan_id": plan})
        assert data(landed)["landed"] is True
        again = await client.call_tool("apply", {"plan_id": plan})
    assert again.is_error
    assert [name for name, text in sources(vetbook).items() if before[name] != text] == [ROUTER]


async def test_a_plan_is_void_when_the_project_is_another(vetbook: Path, python: Path) -> None:
    async with connect(vetbook, python=python) as client:
        plan = await _plan(client)
        with (vetbook / ROUTER).open("a", encoding="utf-8") as file:
            file.write("\n# one more line\n")
        before = sources(vetbook)
        answer = await client.call_tool("apply", {"plan_id": plan})
    assert answer.is_error
    assert f"{ROUTER} changed since this was planned" in data(answer)["error"]["message"]
    assert sources(vetbook) == before


async def test_a_plan_that_cannot_be_made_says_why(vetbook: Path) -> None:
    async with connect(vetbook) as client:
        unknown = await client.call_tool("plan", {"verb": "map", "arguments": {}})
        wrong = await client.call_tool("plan", {"verb": "protect", "arguments": {"paht": "/patients"}})
        none = await client.call_tool("apply", {"plan_id": "protect-0000"})
    assert "map cannot be planned" in data(unknown)["error"]["message"]
    assert "paht" in data(wrong)["error"]["message"]
    assert "path" in data(wrong)["error"]["hint"]
    assert "there is no plan" in data(none)["error"]["message"]


async def test_a_fault_of_ours_is_told_as_one_and_changes_nothing(
    vetbook: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_request: object, _progress: object) -> ProtectResult:
        raise RuntimeError("a bug")

    broken = replace(calls.verb_tools()["protect"], run=fail)
    monkeypatch.setattr(calls, "verb_tools", lambda: {"protect": broken})
    for person in (Person(land=True), None):
        async with connect(vetbook, python=python, person=person, yes=person is None) as client:
            answer = await client.call_tool("protect", FORGOTTEN)
        assert answer.is_error
        assert "RuntimeError: a bug" in data(answer)["error"]["message"]


async def test_with_yes_a_change_lands_without_a_question(vetbook: Path, python: Path) -> None:
    async with connect(vetbook, python=python, yes=True) as client:
        answer = await client.call_tool("protect", FORGOTTEN)
    assert data(answer)["landed"] is True


async def _plan(client: Client) -> str:
    answer = data(await client.call_tool("plan", {"verb": "protect", "arguments": FORGOTTEN}))
    assert answer["result"]["landed"] is False
    assert "+@router.delete(" in answer["result"]["diff"]
    return answer["plan_id"]


@pytest.mark.slow
async def test_a_new_backend_lands_in_its_own_folder_without_a_question(tmp_path: Path) -> None:
    person = Person(land=True)
    async with connect(tmp_path, person=person) as client:
        wrong = await client.call_tool("new", {"name": "blog", "resources": ["Post title:string"]})
        answer = await client.call_tool("new", {"name": "blog", "resources": ["Post title:str(1..80)"]})
    assert wrong.is_error
    assert data(answer)["landed"] is True, data(answer)
    assert not person.asked
    assert (tmp_path / "blog" / "app" / "posts" / "router.py").exists()
