"""The steps that prove a new backend: commands that its owner can run again by hand."""

from __future__ import annotations

import ast
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from fastwright.proof.boot import boot
from fastwright.proof.environment import Environment
from fastwright.proof.model import Step, StepFailed
from fastwright.proof.sandbox import Sandbox

MINIMUM_COVERAGE = 95
_VERSIONS = frozenset({"alembic_version", "backend_version", "sqlite_sequence"})
# By hand, too, never on a database that somebody needs: a downgrade to the beginning drops every table.
_MIGRATIONS = " && ".join(
    (
        "export DATABASE_URL=sqlite+aiosqlite:///./proof.db",
        *(f"uv run alembic {arguments}" for arguments in ("upgrade head", "downgrade base", "upgrade head", "check")),
    )
)


def backend_steps(project: Path) -> tuple[Step, ...]:
    """Return the steps for the backend staged at `project`.

    After the environment none needs another, and the longest come first, so that all workers are busy to the end.
    """
    environment = Environment.of(project)
    checks = _Checks(environment, _kept_tables(project))
    needs = ("environment",)
    return (
        Step("environment", "Environment", environment.prepare, "uv sync", timeout=900, preparing=True),
        Step("contract", "Contract", checks.contract, "uv run python scripts/contract.py", needs, timeout=600),
        Step("tests", "Tests", checks.tests, "uv run pytest --cov", needs, timeout=600),
        Step("types", "Types", checks.types, "uv run mypy app migrations scripts tests", needs),
        Step("migrations", "Migrations", checks.migrations, f"({_MIGRATIONS})", needs),
        Step("boot", "Boot", checks.boot, "uv run uvicorn --factory app.main:create_app", needs, timeout=60),
        Step("lint", "Lint", checks.lint, "uv run ruff check . && uv run ruff format --check .", needs, timeout=60),
    )


class _Checks:
    """What each step does; every method returns its evidence or raises `StepFailed`."""

    def __init__(self, environment: Environment, kept: frozenset[str]) -> None:
        self._environment = environment
        self._python = environment.python
        self._kept = kept

    def lint(self, box: Sandbox) -> str:
        box.run([self._python, "-m", "ruff", "check", "--no-cache", "."])
        output = box.run([self._python, "-m", "ruff", "format", "--check", "--no-cache", "."])
        return f"no findings; {_last_line(output)}"

    def types(self, box: Sandbox) -> str:
        with self._environment.mypy_cache(box) as cache:
            checked = ("app", "migrations", "scripts", "tests")
            return _last_line(box.run([self._python, "-m", "mypy", "--strict", "--cache-dir", cache, *checked]))

    def tests(self, box: Sandbox) -> str:
        limit = f"--cov-fail-under={MINIMUM_COVERAGE}"
        output = box.run([self._python, "-m", "pytest", "--cov", "--cov-branch", limit, "-q"])
        passed = re.search(r"^=*\s*(\d+ passed.*?) in [\d.]+s", output, re.MULTILINE)
        coverage = re.search(r"Total coverage: ([\d.]+%)", output)
        if not passed or not coverage:
            raise StepFailed(f"pytest did not say how many tests passed, and what they covered\n{output[-2000:]}")
        return f"{passed[1]}; {coverage[1]} branch coverage"

    def migrations(self, box: Sandbox) -> str:
        database = box.scratch / "migrations.db"
        self._alembic(box, database, "upgrade", "head")
        tables = _tables(database)
        self._alembic(box, database, "downgrade", "base")
        if left := _tables(database) - self._kept:
            raise StepFailed(f"a downgrade to the beginning leaves tables behind: {', '.join(sorted(left))}")
        self._alembic(box, database, "upgrade", "head")
        if tables != _tables(database):
            raise StepFailed("the second upgrade does not make the same tables as the first")
        self._alembic(box, database, "check")
        return f"up, down, up; models and schema agree on {len(tables)} tables"

    def boot(self, box: Sandbox) -> str:
        database = box.scratch / "boot.db"
        self._alembic(box, database, "upgrade", "head")
        return boot(box, self._python, _variables(database))

    def contract(self, box: Sandbox) -> str:
        return _last_line(box.run([self._python, "scripts/contract.py"]))

    def _alembic(self, box: Sandbox, database: Path, *arguments: str) -> None:
        box.run([self._python, "-m", "alembic", *arguments], **_variables(database))


def _variables(database: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite+aiosqlite:///{database}"}


def _tables(database: Path) -> frozenset[str]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return frozenset(str(name) for (name,) in rows) - _VERSIONS


def _kept_tables(project: Path) -> frozenset[str]:
    """Return the tables that were there before the backend: no migration takes those away."""
    revision = project / "migrations" / "versions" / "0000_kept.py"
    if not revision.is_file():
        return frozenset()
    for node in ast.parse(revision.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TABLES":
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def _last_line(output: str) -> str:
    return (output.strip().splitlines() or [""])[-1].strip()
