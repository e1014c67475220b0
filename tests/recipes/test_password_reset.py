"""`add password-reset`: a mailed token sets a password once, and nobody learns who has an account."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import App, foreign, single_file
from tests.recipes.trials import Edit, broken, broken_steps, evidence, swapped


@pytest.fixture(scope="module")
def resettable(tmp_path_factory: pytest.TempPathFactory) -> App:
    app = foreign("conferly", tmp_path_factory.mktemp("reset"), without="tests")
    result = app.add("password-reset")
    assert result.landed, result.proof
    assert "the old password is refused then, logins end" in evidence(result)
    return app


def test_it_is_written_into_the_app_s_own_layout(resettable: App) -> None:
    router = (resettable.root / "conferly/password_resets/router.py").read_text(encoding="utf-8")
    assert "user.password = await run_in_threadpool(hasher.hash, password)" in router
    assert "delete(ApiToken).where(ApiToken.account_id == claimed)" in router


def test_a_second_time_it_is_there(resettable: App) -> None:
    already = resettable.add("password-reset").already
    assert already.startswith("POST /auth/password-reset resets passwords (conferly/password_resets/router.py:")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("shelfmark", "Reader has no e-mail"),
        ("tool_library", "no function of this app makes of a password what Member.pw_hash holds"),
        ("hookrelay", "and only the tables of SQLAlchemy"),
    ],
)
def test_without_accounts_that_fit_it_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    refusal = foreign(name, tmp_path).add("password-reset").refusal
    assert refusal is not None
    assert reason in refusal.reason


def test_where_nobody_signs_in_that_comes_first(tmp_path: Path) -> None:
    refusal = single_file(tmp_path).add("password-reset").refusal
    assert refusal is not None
    assert refusal.hint == "fastwright add auth"


@pytest.mark.slow
def test_it_lands_with_migration_tests_and_settings_and_undo_brings_back_every_byte(tmp_path: Path) -> None:
    app = foreign("greenhouse", tmp_path)
    before = app.files()
    result = app.add("password-reset")
    assert result.landed, result.proof
    assert 'SMTP_URL: SecretStr = SecretStr("")' in (app.root / "app/core/config.py").read_text(encoding="utf-8")
    assert (app.root / "app/tests/test_password_reset.py").exists()
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        swapped("token_hash=hash_reset_token(token)", "token_hash=token"),
        swapped("PasswordReset.expires_at > datetime.now(timezone.utc),", "PasswordReset.expires_at is not None,"),
        swapped("await session.execute(delete(ApiToken).where(ApiToken.account_id == claimed))", "pass"),
        swapped('if os.environ.get("ENVIRONMENT", "development") in', 'if "test" in'),
        swapped("if user is None:\n        return\n", 'if user is None:\n        raise HTTPException(404, "nobody")\n'),
    ],
    ids=["stored as it is", "for ever", "logins go on", "printed in production", "tells who has an account"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("conferly", tmp_path, without="tests")
    assert "promise" in broken_steps(broken(app, "password-reset", edit))
