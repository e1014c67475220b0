"""`add registration`: accounts that are made as they should be, in the style of the app, or a reason why not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.recipes.account_apps import App, Breaks, failed, foreign, single_file
from tests.recipes.trials import evidence


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Return an asynchronous app in layers, to which registration was added."""
    app = foreign("roastery", tmp_path_factory.mktemp("registered"), without="tests")
    result = app.add("registration")
    assert result.landed, result.proof
    return app


def test_it_lands_where_the_layers_of_the_app_have_such_things(registered: App) -> None:
    router = (registered.root / "backend/controllers/auth_controller.py").read_text(encoding="utf-8")
    assert "async def register(dto: UserCreateDTO, session: AsyncSession = Depends(" in router
    assert "await run_in_threadpool(hash_password," in router
    assert "class User(BaseEntity):" in (registered.root / "backend/entities/user.py").read_text(encoding="utf-8")
    main = (registered.root / "backend/main.py").read_text(encoding="utf-8")
    assert "app.include_router(auth_controller.router)" in main


def test_new_code_has_nothing_that_a_linter_would_change(registered: App) -> None:
    files = [
        registered.root / "backend" / name
        for name in ("controllers/auth_controller.py", "dto/user.py", "entities/user.py", "security.py")
    ]
    ruff = Path(sys.executable).with_name("ruff")
    command = [ruff, "check", "--isolated", "--select", "E4,E7,E9,F,B,S", "--ignore", "B008,S105", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_second_time_it_is_there(registered: App) -> None:
    result = registered.add("registration")
    assert not result.landed
    assert result.already.startswith("POST /auth/register creates accounts")


def test_it_is_refused_where_there_is_no_place_for_accounts(tmp_path: Path) -> None:
    result = foreign("hookrelay", tmp_path).add("registration")
    assert result.refusal is not None
    assert "and only the tables of SQLAlchemy" in result.refusal.reason
    assert result.refusal.hint


@pytest.mark.slow
def test_accounts_that_have_a_name_and_no_address_are_made_with_that(tmp_path: Path) -> None:
    app = foreign("vetbook", tmp_path)
    before = app.files()
    result = app.add("registration")
    assert result.landed, result.proof
    assert "409 for the same name" in evidence(result)
    app.undo()
    assert app.files() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "breaks",
    [
        [('pattern=r"^[a-z0-9][a-z0-9_.-]*$"', 'pattern=r""')],
        [("except IntegrityError", "except KeyError")],
        [("hashed = hash_password(body.password.get_secret_value())", "hashed = body.password.get_secret_value()")],
    ],
    ids=["names in capitals", "a name that is taken is an error", "the password as it is"],
)
def test_a_registration_with_a_name_that_is_broken_is_not_proven(breaks: Breaks, tmp_path: Path) -> None:
    assert "promise" in failed(foreign("vetbook", tmp_path, without="tests").broken("registration", breaks))


@pytest.mark.parametrize("name", ["greenhouse", "conferly", "tool_library"])
def test_an_app_with_registration_has_it_already(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    main = app.root / "main.py"
    if main.exists():  # it is called in more ways than one
        text = main.read_text(encoding="utf-8")
        main.write_text(
            text.replace('"/signup"', '"/user_register"').replace("def signup", "def user_register"), "utf-8"
        )
    assert "creates accounts" in app.add("registration").already


@pytest.mark.slow
@pytest.mark.parametrize("name", ["roastery", "parcelhub", "meterbox", "game_lobby"])
def test_it_lands_with_tests_in_other_styles_and_undo_brings_back_every_byte(name: str, tmp_path: Path) -> None:
    app = foreign(name, tmp_path)
    before = app.files()
    result = app.add("registration")
    assert result.landed, result.proof
    steps = {step.name: step for step in result.proof.steps}
    assert steps["tests"].status == "passed"
    assert ("migrations" in steps) == (name == "meterbox")
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_users_that_are_there_are_used_in_an_app_of_one_file(tmp_path: Path) -> None:
    app = single_file(tmp_path)
    result = app.add("registration")
    assert result.landed, result.proof
    text = (app.root / "main.py").read_text(encoding="utf-8")
    assert text.count("class User(") == 1
    assert "User(email=data.email, hashed_password=hashed)" in text or "hashed_password=hashed" in text
    assert text.index("def hash_password") < text.index("def list_notes") < text.index("def register")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("password_hash=hashed", "password_hash=dto.password.get_secret_value()", "promise"),
        ("    email: str\n", "    email: str\n    password_hash: str\n", "promise"),
        ("AfterValidator(str.lower)", "AfterValidator(str.strip)", "promise"),
        (", unique=True", "", "promise"),
        ("min_length=12, ", "", "promise"),
        ("HTTP_201_CREATED", "HTTP_200_OK", "promise"),
        ('"/register"', '"/registration"', "contract"),
        (", pattern=EMAIL_PATTERN", "", "promise"),
    ],
    ids=["plain password", "hash shown", "letters", "no constraint", "short", "status", "another path", "no pattern"],
)
def test_what_is_broken_on_purpose_is_not_proven(old: str, new: str, step: str, tmp_path: Path) -> None:
    app = foreign("roastery", tmp_path, without="tests")
    before = app.files()
    carried = app.broken("registration", [(old, new)])
    assert not carried.proof.proven
    assert step in failed(carried)
    assert app.files() == before


@pytest.mark.slow
def test_without_its_migration_it_is_not_proven(tmp_path: Path) -> None:
    app = foreign("meterbox", tmp_path, without="tests")
    carried = app.broken("registration", [("op.create_table(", "print(")])
    assert "migrations" in failed(carried)
