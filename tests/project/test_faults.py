"""A project that cannot be read is told as one sentence, a place, and the next thing to try."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from fastwright.project.errors import ProjectError
from fastwright.project.read import Limits, read_project
from tests.project.projects import QUICK, Write

GOOD = "from fastapi import FastAPI\napp = FastAPI()\n"
SETTINGS = (
    """from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    number: int
    model_config = {"env_file": ".env"}
Settings()
"""
    + GOOD
)
FAULTS = {
    "a syntax error": ({"main.py": "import b\n" + GOOD, "b.py": "x = (\n"}, "never closed", "b.py:1", "correct it"),
    "an error in an import": ({"main.py": GOOD + "1 / 0\n"}, "ZeroDivisionError", "main.py:3", "--static"),
    "sys.exit in an import": ({"main.py": GOOD + "raise SystemExit(3)\n"}, "sys.exit(3)", "main.py:3", "--static"),
    "os._exit in an import": ({"main.py": "import os\nos._exit(4)\n" + GOOD}, "exit 4", None, "by hand"),
    "a variable that is not set": (
        {"main.py": "import os\nos.environ['SHOP_KEY']\n" + GOOD}, "SHOP_KEY", "main.py:2", "--env-file",
    ),
    "settings that are not set": (
        {"main.py": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    key: str\nS()\n" + GOOD},
        "KEY", "main.py:4", "--env-file",
    ),
    "settings that a file is read for": (
        {"api/main.py": SETTINGS.replace("number: int", "name: str")}, "NAME", "api/main.py:5", "into api/.env, or",
    ),
    "an example without values": (
        {"main.py": SETTINGS, ".env.example": "NUMBER=\n"}, "with the variables of", "main.py:5", "empty (NUMBER)",
    ),
    "an example whose values are none": (
        {"main.py": SETTINGS + "import os\nint(os.getenv('PORT'))\n", ".env.example": "NUMBER=1\nPORT=Port\n"},
        "invalid literal", "main.py:9", "its values are examples",
    ),
    "a variable that is asked for and comes back as nothing": (
        {"main.py": "import os\nos.getenv('USED', '')\nint(os.getenv('SHOP_PORT'))\n" + GOOD},
        "TypeError", "main.py:3", "not set: put SHOP_PORT=… into a file",
    ),
    "a Python that is too old": (
        {"main.py": GOOD + "raise NameError('Later')\n", "pyproject.toml": '[project]\nrequires-python = ">=3.99"\n'},
        "NameError", "main.py:3", "asks for Python 3.99, and this one is 3.",
    ),
    "a module that is not installed": (
        {"main.py": "import nowhere\n" + GOOD, "requirements.txt": "nowhere\n"},
        "nowhere", "main.py:1", "what requirements.txt lists",
    ),
    "a module beside the app": (
        {"api/__init__.py": "", "api/main.py": "import models\n" + GOOD, "api/models.py": ""},
        "models", "api/main.py:1", "--project api",
    ),
    "no app": ({"main.py": "x = 1\n"}, "no FastAPI app", None, "--app"),
    "two apps": ({"main.py": GOOD + "other = FastAPI()\n"}, "main:other (main.py:3)", None, "--app main:app"),
    "a factory with arguments": (
        {"main.py": "from fastapi import FastAPI\ndef create_app(name):\n    return FastAPI(title=name)\n"},
        "wants arguments: name", None, "--app",
    ),
    "a write outside": ({"main.py": GOOD + "open('/opt/was-here', 'w')\n"}, "scratch", "main.py:3", "import"),
    "no Python at all": ({"readme.md": "hello"}, "no Python file", None, "--project"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place_and_a_hint(fault: str, write: Write, today: Path) -> None:
    files, message, place, hint = FAULTS[fault]
    with pytest.raises(ProjectError) as caught:
        read_project(write(files), python=today, limits=QUICK)
    told = caught.value.describe()
    assert message in caught.value.message
    assert told.get("location") == place
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


def test_an_import_that_hangs_is_stopped_and_its_line_is_told(write: Write, today: Path) -> None:
    project = write({"main.py": "import slow\n" + GOOD, "slow.py": "import time\n\n\ntime.sleep(600)\n"})
    with pytest.raises(ProjectError, match="has not ended after 4 s") as caught:
        read_project(project, python=today, limits=Limits(imported=4, startup=1, asking=1))
    assert caught.value.describe()["location"] == "slow.py:4"


def test_an_interpreter_without_fastapi_is_refused(write: Write) -> None:
    with pytest.raises(ProjectError, match="has no fastapi") as caught:
        read_project(write({"main.py": GOOD}), python=Path(sys.executable))
    assert "--python" in caught.value.hint


def test_an_app_that_is_named_and_is_not_there_is_told(write: Write, today: Path) -> None:
    with pytest.raises(ProjectError, match="main has no backend"):
        read_project(write({"main.py": GOOD}), python=today, app="main:backend", limits=QUICK)
    with pytest.raises(ProjectError, match="does not name an app"):
        read_project(write({"main.py": GOOD}), python=today, app="main", limits=QUICK)


def test_one_of_two_apps_can_be_named(write: Write, today: Path) -> None:
    project = write({"main.py": GOOD + "other = FastAPI()\n"})
    assert read_project(project, python=today, app="main:other", limits=QUICK).app.entry == "main:other"


def test_the_entrypoint_of_the_fastapi_command_is_taken(write: Write, today: Path) -> None:
    settings = '[tool.fastapi]\nentrypoint = "main:other"\n'
    project = write({"main.py": GOOD + "other = FastAPI()\n", "pyproject.toml": settings})
    assert read_project(project, python=today, limits=QUICK).app.entry == "main:other"


def test_a_file_that_is_not_imported_may_be_wrong_and_is_listed(write: Write, today: Path) -> None:
    project = read_project(write({"main.py": GOOD, "old.py": "print 'x'\n"}), python=today, limits=QUICK)
    assert [(one.file, one.line) for one in project.unresolved] == [("old.py", 1)]


def test_what_a_startup_adds_is_an_endpoint_like_any_other(write: Write, today: Path) -> None:
    text = """
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        @asynccontextmanager
        async def lifespan(app):
            app.add_api_route("/late", lambda: {"late": True}, name="late")
            yield

        app = FastAPI(lifespan=lifespan)

        @app.get("/early")
        def early():
            return {}
    """
    project = read_project(write({"main.py": dedent(text)}), python=today, limits=QUICK)
    assert [(one.path, one.auth.status) for one in project.endpoints] == [("/early", 200), ("/late", 200)]
