"""`add tests`: what an app answers is asked, and written down as tests that fail when it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.projects import TODAY, environment
from tests.recipes.account_apps import App, foreign, single_file
from tests.recipes.trials import Edit, broken, broken_steps, evidence, swapped


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("roastery", tmp_path_factory.mktemp("tested"))
    result = app.add("tests", path="/coffees")
    assert result.landed, result.proof
    assert "some fail where 404 is another status, and where 409 is another status" in evidence(result)
    return app


@pytest.mark.slow
def test_they_read_as_if_written_by_hand(tested: App) -> None:
    text = (tested.root / "tests/test_orders.py").read_text(encoding="utf-8")
    assert "async def test_a_coffee_is_created_only_once(client):\n    body = coffee_body()\n" in text
    assert "    assert body.items() <= response.json().items()\n" in text


@pytest.mark.slow
def test_a_second_time_they_are_there(tested: App) -> None:
    assert tested.add("tests", path="/coffees").already == "tested in tests/test_orders.py"


@pytest.mark.slow
def test_who_has_to_be_signed_in_signs_up_first_and_others_are_kept_out(tmp_path: Path) -> None:
    app = foreign("greenhouse", tmp_path)
    before = app.files()
    result = app.add("tests", path="/api/v1/plants")
    assert result.landed, result.proof
    text = (app.root / "app/tests/test_plants_endpoints.py").read_text(encoding="utf-8")
    assert "def test_a_plant_is_not_for_others(client, sign_in):" in text
    assert "def sign_in(client):" in (app.root / "app/tests/conftest.py").read_text(encoding="utf-8")
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_without_pytest_that_is_told_before_anything_is_written(tmp_path: Path) -> None:
    app = App(foreign("roastery", tmp_path).root, environment(*TODAY))
    refusal = app.add("tests", path="/coffees").refusal
    assert refusal is not None
    assert refusal.reason == "pytest is not in the project's environment, so that no test could be tried"
    assert "-m pip install pytest; then ask again" in refusal.hint


@pytest.mark.slow
def test_an_app_that_asks_its_server_when_it_is_imported_is_told_where(tmp_path: Path) -> None:
    app = single_file(tmp_path)
    main = app.root / "main.py"
    text = main.read_text(encoding="utf-8").replace("sqlite:///./notes.db", "postgresql://u:p@localhost/notes")
    main.write_text(text, encoding="utf-8")
    refusal = app.add("tests").refusal
    assert refusal is not None
    assert "makes tables when it is imported, so that no test could begin without that database" in refusal.reason


@pytest.mark.slow
def test_where_the_environment_names_that_server_tests_name_another(tmp_path: Path) -> None:
    app = single_file(tmp_path)
    main = app.root / "main.py"
    text = main.read_text(encoding="utf-8").replace(
        '"sqlite:///./notes.db"', 'os.getenv("NOTES_URL", "postgresql://u@host/notes")'
    )
    text = text.replace("import datetime", "import datetime\nimport os", 1).replace(
        'connect_args={"check_same_thread": False}', ""
    )
    main.write_text(text, encoding="utf-8")
    result = app.add("tests")
    assert result.landed, result.refusal or result.proof
    assert 'os.environ["NOTES_URL"] = "sqlite://"' in (app.root / "conftest.py").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["conferly", "game_lobby", "shelfmark", "tool_library", "vetbook"])
def test_they_are_written_for_other_styles(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("tests")
    assert result.landed, result.proof
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["single file", "roastery"])
def test_a_project_without_tests_gets_a_client_on_a_database_of_its_own(name: str, tmp_path: Path) -> None:
    app = single_file(tmp_path) if name == "single file" else foreign(name, tmp_path, without="tests")
    result = app.add("tests")
    assert result.landed, result.proof
    assert "app.dependency_overrides[" in (app.root / "conftest.py").read_text(encoding="utf-8")


def test_an_app_that_a_function_makes_is_told_what_to_write_first(tmp_path: Path) -> None:
    refusal = foreign("shelfmark", tmp_path, without="tests").add("tests").refusal
    assert refusal is not None
    assert refusal.reason == "no test of this project has a client, and the app is made by a function"


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        swapped("assert response.status_code == 404", "assert response.status_code"),
        swapped("assert response.status_code == 409", "assert response.status_code"),
        swapped("assert response.status_code == 201", "assert response.status_code == 200"),
    ],
    ids=["404 is not asked for", "409 is not asked for", "another status is asked for"],
)
def test_tests_that_see_nothing_are_not_proven(edit: Edit, tmp_path: Path) -> None:
    assert "promise" in broken_steps(broken(foreign("roastery", tmp_path), "tests", edit, path="/coffees"))
