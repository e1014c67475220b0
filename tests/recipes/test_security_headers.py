"""`add security-headers`: on every answer, in the style of the app, and on nothing that sets its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import App, foreign
from tests.recipes.trials import Edit, broken, broken_steps, evidence, one_test_more, swapped, without


@pytest.fixture(scope="module")
def hardened(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("hookrelay", tmp_path_factory.mktemp("hardened"), without="tests")
    before = app.files()
    result = app.add("security-headers")
    assert result.landed, result.proof
    assert "no X-Content-Type-Options" in evidence(result)
    changed = {name for name, content in app.files().items() if before.get(name) != content}
    assert changed == {"relay/main.py", "relay/security_headers.py"}
    return app


def test_it_is_added_outside_of_the_middleware_that_is_there(hardened: App) -> None:
    main = (hardened.root / "relay/main.py").read_text(encoding="utf-8")
    assert "from relay.security_headers import SecurityHeadersMiddleware\n" in main
    assert "app.add_middleware(InternalAuthMiddleware)\napp.add_middleware(SecurityHeadersMiddleware)\n" in main


def test_a_second_time_it_is_there(hardened: App) -> None:
    result = hardened.add("security-headers")
    assert result.already.startswith("relay/security_headers.py:")
    assert not result.landed


def test_where_some_are_set_it_is_refused_with_the_place(tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    main = app.root / "relay/main.py"
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace('["Server-Timing"]', '["X-Frame-Options"]'), encoding="utf-8")
    refusal = app.add("security-headers").refusal
    assert refusal is not None
    assert refusal.items == ("X-Frame-Options: relay/main.py:20",)
    assert "missing: X-Content-Type-Options" in refusal.reason


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tool_library", "conferly", "greenhouse"])
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("security-headers")
    assert result.landed, result.proof
    assert one_test_more(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "steps"),
    [
        (without("add_middleware"), {"promise"}),
        (swapped('"nosniff"', '"sniff"'), {"promise"}),
        (swapped("headers.setdefault(name, value)", 'headers.setdefault(name, value if is_page else "")'), {"promise"}),
        (swapped("await send(message)", 'await send({**message, "status": 200})'), {"access", "promise"}),
        (swapped("app: ASGIApp) -> None", "app: ASGIApp, extra: int) -> None"), {"app"}),
    ],
    ids=["not attached", "another value", "on pages alone", "all is well", "does not start"],
)
def test_what_is_broken_is_not_proven(edit: Edit, steps: set[str], tmp_path: Path) -> None:
    app = foreign("hookrelay", tmp_path, without="tests")
    assert broken_steps(broken(app, "security-headers", edit)) & steps
