"""`add auth`: real tokens are good for what they should be, false ones for nothing; and endpoints are closed by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.verbs.protect import ProtectRequest, protect
from tests.recipes.account_apps import App, failed, foreign, single_file

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Return an app without guards, to which registration, and then signing in, was added."""
    app = foreign("roastery", tmp_path_factory.mktemp("signed-in"), without="tests")
    assert app.add("registration").landed
    result = app.add("auth")
    assert result.landed, result.proof
    return app


def test_after_registration_it_joins_the_same_router_and_files(signed_in: App) -> None:
    router = (signed_in.root / "backend/controllers/auth_controller.py").read_text(encoding="utf-8")
    assert router.count("APIRouter(") == 1
    for name in ("register", "log_in", "refresh", "log_out", "read_me"):
        assert f"async def {name}(" in router
    assert "def get_current_user(" in (signed_in.root / "backend/dependencies.py").read_text(encoding="utf-8")


def test_a_second_time_it_is_there(signed_in: App) -> None:
    assert signed_in.add("auth").already.startswith("POST /auth/token signs people in")


def test_protect_uses_its_guard_and_tries_it_with_real_tokens(signed_in: App) -> None:
    result = protect(ProtectRequest(project=signed_in.root, python=signed_in.python, path="/orders", dry_run=True))
    assert result.proof.proven, result.proof
    evidence = next(step.evidence for step in result.proof.steps if step.name == "promise")
    assert evidence.startswith("with a real token 200, 404, 422, without one 401")


def test_roles_come_on_top_and_protect_asks_for_them(signed_in: App) -> None:
    result = signed_in.add("roles")
    assert result.landed, result.proof
    request = ProtectRequest(
        project=signed_in.root, python=signed_in.python, path="/coffees", methods=("POST",), role="admin", dry_run=True
    )
    answer = protect(request)
    assert answer.proof.proven, answer.proof
    evidence = next(step.evidence for step in answer.proof.steps if step.name == "promise")
    assert evidence.startswith("with a real token 403, without one 401")
    assert signed_in.add("roles").already == "guards of this app ask for admin already"
    signed_in.undo()


def test_roles_need_signing_in(tmp_path: Path) -> None:
    result = foreign("roastery", tmp_path, without="tests").add("roles")
    assert result.refusal is not None
    assert "fastwright add auth" in result.refusal.hint


@pytest.mark.parametrize("name", ["roastery", "parcelhub", "meterbox", "game_lobby"])
def test_alone_it_brings_registration_along_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("auth")
    assert result.landed, result.proof
    assert {one.path.rpartition("/")[2] for one in result.explanation.endpoints} == {
        "register",
        "token",
        "refresh",
        "logout",
        "me",
    }
    app.undo()
    assert app.files() == before


def test_in_one_file_the_guard_stands_above_the_endpoints_that_it_can_close(tmp_path: Path) -> None:
    app = single_file(tmp_path)
    assert app.add("auth").landed
    result = protect(ProtectRequest(project=app.root, python=app.python, path="/notes", methods=("POST",)))
    assert result.landed, result.refusal or result.proof


@pytest.mark.parametrize("name", ["greenhouse", "conferly", "tool_library", "vetbook", "shelfmark"])
def test_an_app_with_sign_in_has_it_already(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    assert "signs people in" in app.add("auth").already


@pytest.mark.parametrize(
    "breaks",
    [
        [(".values(token_hash=hash_token(successor))", ".values(user_id=Login.user_id)")],
        [("await session.execute(delete(Login).where(Login.sid == sid))", "pass")],
        [('claims if claims["exp"] > time.time() else None', "claims")],
        [("token_hash=hash_token(refresh_token)", "token_hash=refresh_token")],
        [("if len(secret.encode()) < 32:", "if not secret:")],
        [(' and os.environ.get("ENVIRONMENT", "development") != "production"', "")],
        [("if not await run_in_threadpool(password_matches", "if await run_in_threadpool(min")],
        [('Login.sid == claims["sid"], ', "")],
        [("ACCESS_TOKEN_SECONDS = 600", "ACCESS_TOKEN_SECONDS = 86400 * 30")],
        [
            ('@router.get("/me")', 'async def anybody() -> User:\n    return User(email="")\n\n\n@router.get("/me")'),
            ("user: User = Depends(get_current_user)", "user: User = Depends(anybody)"),
        ],
        [("not hmac.compare_digest(signature.encode(), signature_of(signed).encode())", "not signature")],
    ],
    ids=[
        "refresh tokens stay good",
        "reuse ends nothing",
        "no expiry",
        "tokens stored as they are",
        "short secret",
        "no secret in production",
        "any password",
        "logged out tokens stay good",
        "long life",
        "no guard",
        "no signature",
    ],
)
def test_what_is_broken_on_purpose_is_not_proven(breaks: list[tuple[str, str]], tmp_path: Path) -> None:
    carried = foreign("roastery", tmp_path, without="tests").broken("auth", breaks)
    assert not carried.proof.proven
    assert failed(carried) & {"promise", "access", "contract", "app"}
