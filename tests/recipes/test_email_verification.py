"""`add email-verification`: an account is let in once its address is confirmed, and nobody learns who has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.account_apps import foreign, single_file
from tests.recipes.trials import Edit, broken, broken_steps, evidence, swapped


@pytest.mark.parametrize(
    ("name", "reason", "hint"),
    [
        pytest.param(
            "vetbook", "User has no column for the e-mail", "give it one, with a migration", marks=pytest.mark.slow
        ),
        ("roastery", "there are no accounts", "fastwright add auth"),
    ],
)
def test_without_accounts_that_fit_it_is_refused(name: str, reason: str, hint: str, tmp_path: Path) -> None:
    refusal = foreign(name, tmp_path).add("email-verification").refusal
    assert refusal is not None
    assert (refusal.reason, refusal.hint) == (reason, hint)


@pytest.mark.slow
def test_where_nobody_makes_an_account_that_comes_first(tmp_path: Path) -> None:
    refusal = single_file(tmp_path).add("email-verification").refusal
    assert refusal is not None
    assert refusal.hint == "fastwright add registration"


@pytest.mark.slow
def test_a_second_way_in_is_refused(tmp_path: Path) -> None:
    app = foreign("tool_library", tmp_path)
    main = app.root / "main.py"
    token = "def token(data: LoginIn, db: Session = Depends(get_db)):\n    return login(data, db)\n"
    again = f'@app.post("/token")\n{token}\n\n'
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace('@app.get("/me"', f'{again}@app.get("/me"'), encoding="utf-8")
    refusal = app.add("email-verification").refusal
    assert refusal is not None
    assert refusal.reason == "POST /login and POST /token both sign people in, each in its own way"


@pytest.mark.slow
def test_it_is_written_into_domains_and_is_there_a_second_time(tmp_path: Path) -> None:
    app = foreign("conferly", tmp_path)
    before = app.files()
    result = app.add("email-verification")
    assert result.landed, result.proof
    assert "answers 403 until a mailed token comes back" in evidence(result)
    router = (app.root / "conferly/accounts/router.py").read_text(encoding="utf-8")
    assert "    await confirmations.ask(body.email)\n    first = " in router
    assert '"Wrong address or password")\n    await unconfirmed.refuse(account.email)\n' in router
    assert app.add("email-verification").already.startswith("POST /auth/email-verification confirms addresses")
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_the_mailer_of_a_password_reset_is_used_again(tmp_path: Path) -> None:
    app = foreign("greenhouse", tmp_path)
    assert app.add("password-reset").landed
    mail = (app.root / "app/mail.py").read_bytes()
    result = app.add("email-verification")
    assert result.landed, result.proof
    assert (app.root / "app/mail.py").read_bytes() == mail


@pytest.mark.slow
def test_in_one_file_everything_stands_above_what_uses_it(tmp_path: Path) -> None:
    app = foreign("tool_library", tmp_path)
    result = app.add("email-verification")
    assert result.landed, result.proof
    text = (app.root / "main.py").read_text(encoding="utf-8")
    assert text.index("class Confirmations:") < text.index("def signup(") < text.index("def confirm_email(")


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        swapped("await unconfirmed.refuse(account.email)", "await session.flush()"),
        swapped("EmailVerification.mailed_at > datetime.now(timezone.utc) - CONFIRMED_WITHIN,", ""),
        swapped(", EmailVerification.mailed_at < now - MAIL_PAUSE)", ")"),
        swapped(
            "email=email.lower(), token_hash=hash_confirmation_token(token)", "email=email.lower(), token_hash=token"
        ),
    ],
    ids=["let in at once", "for ever", "as many mails as asked for", "stored as it is"],
)
def test_what_is_broken_is_not_proven(edit: Edit, tmp_path: Path) -> None:
    app = foreign("conferly", tmp_path, without="tests")
    assert "promise" in broken_steps(broken(app, "email-verification", edit))
