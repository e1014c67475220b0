"""`add metrics`: requests are counted by route and status, and never by what callers choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import App, foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, one_test_more, swapped, without


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("hookrelay", tmp_path_factory.mktemp("counted"), without="tests")
    result = app.add("metrics")
    assert result.landed, result.proof
    assert "were counted by their routes and statuses, at /metrics" in evidence(result)
    return app


def test_a_second_time_it_is_there(counted: App) -> None:
    assert counted.add("metrics").already == "GET /metrics: the app has metrics"


@pytest.mark.parametrize("package", ["prometheus_client", "starlette_exporter"])
def test_metrics_by_a_package_are_there_already(package: str, tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    routes = app.root / "relay/routes.py"
    code = f"\n\ndef later():\n    import {package}\n\n    return {package}\n"
    routes.write_text(routes.read_text(encoding="utf-8") + code, encoding="utf-8")
    assert app.add("metrics").already == f"relay/routes.py imports {package}: the app has metrics"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["game_lobby", "greenhouse", "meterbox", "vetbook"])
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("metrics")
    assert result.landed, result.proof
    assert one_test_more(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        without("add_app_call"),
        swapped("app.add_middleware(MetricsMiddleware, metrics=metrics, api=app)", "pass"),
        swapped('self.templates.get(scope.get("endpoint"), NO_ROUTE)', 'str(scope["path"])'),
        swapped("] += 1\n", "] += 2\n"),
        swapped('@app.get("/metrics"', '@app.get("/numbers"'),
    ],
    ids=["not installed", "counts nothing", "by the path", "counts twice", "another path"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    assert broken_steps(broken(app, "metrics", edit)) & {"promise", "contract"}
