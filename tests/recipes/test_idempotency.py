"""`add idempotency`: what is sent again with the same key is answered again, and not done again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import App, foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, more_tests, swapped


@pytest.mark.parametrize(
    ("name", "path", "reason"),
    [
        ("hookrelay", "/", "SQLAlchemy"),
        ("tool_library", "/login", "no POST there could keep its answer"),
    ],
)
def test_where_no_answer_can_be_kept_it_is_refused(name: str, path: str, reason: str, tmp_path: Path) -> None:
    refusal = foreign(name, tmp_path).add("idempotency", path=path).refusal
    assert refusal is not None
    assert reason in refusal.reason


@pytest.mark.slow
def test_keys_belong_to_their_callers_in_domains_and_undo_brings_back_every_byte(tmp_path: Path) -> None:
    app = foreign("conferly", tmp_path)
    before = app.files()
    result = app.add("idempotency")
    assert result.landed, result.proof
    assert "done anew for another caller, another key, none, and after a day" in evidence(result)
    router = (app.root / "conferly/talks/router.py").read_text(encoding="utf-8")
    assert 'router = APIRouter(prefix="/talks", tags=["talks"], route_class=IdempotentRoute)' in router
    assert app.add("idempotency", path="/talks").already.endswith("takes an Idempotency-Key")
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "shown", "tests"),
    [
        ("tool_library", "POST /tools", 0),
        ("roastery", "POST /coffees/", 1),
        ("greenhouse", "POST /api/v1/plants/", 1),
        ("meterbox", "POST /meters", 0),
    ],
)
def test_it_lands_in_other_styles_with_a_test_where_one_can_become_a_caller(
    name: str, shown: str, tests: int, tmp_path: Path
) -> None:
    result = foreign(name, tmp_path).add("idempotency")
    assert result.landed, result.proof
    assert shown in evidence(result)
    assert more_tests(result) == tests


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        swapped("if known.request != self.request:", "if not self.request:"),
        swapped("digest(str(caller.id), idempotency_key.strip('\"'))", "digest(idempotency_key)"),
        swapped("await once.remember(response)", "pass"),
        swapped("return AnsweredBefore(Response(known.body, known.status, headers))", "return in_flight()"),
    ],
    ids=["another request", "another caller", "nothing is kept", "never answered again"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("conferly", tmp_path, without="tests")
    assert "promise" in broken_steps(broken(app, "idempotency", edit, path="/talks"))


@pytest.fixture(scope="module")
def coffees(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("roastery", tmp_path_factory.mktemp("once"))
    assert app.add("idempotency", path="/coffees").landed
    return app


@pytest.mark.slow
def test_only_what_is_below_the_path_takes_a_key(coffees: App) -> None:
    controllers = coffees.root / "backend/controllers"
    assert "Depends(once)" in (controllers / "coffee_controller.py").read_text(encoding="utf-8")
    assert "once" not in (controllers / "order_controller.py").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_second_path_uses_what_is_there(coffees: App) -> None:
    before = coffees.files()
    result = coffees.add("idempotency", path="/orders")
    assert result.landed, result.proof
    changed = {name for name, content in coffees.files().items() if before.get(name) != content}
    assert changed == {"backend/controllers/order_controller.py"}
