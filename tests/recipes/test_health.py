"""`add health`: endpoints that tell orchestrators whether the app is alive and can serve."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import App, foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, one_test_more, swapped, without


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("roastery", tmp_path_factory.mktemp("watched"), without="tests")
    result = app.add("health")
    assert result.landed, result.proof
    assert evidence(result) == "/health, /health/ready: 404 before, and 200 for anybody now"
    assert [(one.method, one.path, one.access) for one in result.explanation.endpoints] == [
        ("GET", "/health", "anybody"),
        ("GET", "/health/ready", "anybody"),
    ]
    return app


def test_it_asks_the_database_in_the_way_of_the_app(watched: App) -> None:
    code = (watched.root / "backend/controllers/health_controller.py").read_text(encoding="utf-8")
    assert "session: AsyncSession = Depends(db_manager.session_dependency)" in code
    assert 'await session.scalar(text("SELECT 1"))' in code


def test_a_second_time_it_is_there(watched: App) -> None:
    assert watched.add("health").already.startswith("GET /health (backend/controllers/health_controller.py:")


@pytest.mark.parametrize("name", ["conferly", "meterbox"])
def test_an_app_that_tells_of_its_health_has_it_already(name: str, tmp_path: Path) -> None:
    result = foreign(name, tmp_path).add("health")
    assert result.already.endswith("tells of the app's health")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tool_library", "vetbook"])
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("health")
    assert result.landed, result.proof
    assert one_test_more(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "steps"),
    [
        (without("add_include_router"), {"contract", "promise"}),
        (swapped('"/health/ready"', '"/ready"'), {"contract", "promise"}),
        (swapped('text("SELECT 1")', 'text("SELECT 1 FROM nowhere")'), {"promise"}),
        (swapped('{"status": "ok"}', '{"status": "fine"}'), {"promise"}),
    ],
    ids=["not included", "another path", "never ready", "another answer"],
)
def test_what_is_broken_is_not_proven(edit: Edit, steps: set[str], tmp_path: Path) -> None:
    app = foreign("roastery", tmp_path, without="tests")
    assert broken_steps(broken(app, "health", edit)) & steps
