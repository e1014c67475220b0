"""Ask Alembic what is missing between the migrations and the models, on a scratch database."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from fastwright.proof.guest.migrations import command
from fastwright.proof.guest.walls import enclosed

_NAME = "fastwright_difference"
_CHECK = re.compile(r"^\s*CONSTRAINT (\S+) CHECK \((.*)\),?\s*$", re.MULTILINE)


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return the lines of an upgrade and of a downgrade, and the check constraints that there are by table.

    Without `models`, only the constraints are looked at.
    """
    walls = enclosed(request, redirect=True)
    if importlib.util.find_spec("alembic") is None:
        return {"missing": "alembic"}
    alembic: Any = importlib.import_module("alembic.config")
    problem = command(alembic, request["ini"], ("upgrade", "head"))
    if problem:
        return {"problem": problem, "refusals": walls.refusals}
    result: dict[str, Any] = {"checks": _checks(Path(request["scratch"]) / "database.sqlite")}
    if request.get("models"):
        problem = command(alembic, request["ini"], ("revision", "--autogenerate", "-m", _NAME, "--rev-id", _NAME))
        if problem:
            return {"problem": problem, "refusals": walls.refusals}
        [written] = [path for path in Path.cwd().rglob("*.py") if path.name.endswith(f"{_NAME}.py")]
        result |= _bodies(written.read_text(encoding="utf-8"))
    return result


def _bodies(source: str) -> dict[str, list[str]]:
    """Return the statements of both functions, each as it is written."""
    found: dict[str, list[str]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            statements = [one for one in node.body if not isinstance(one, ast.Pass) and not _is_text(one)]
            found[node.name] = [ast.unparse(one) for one in statements]
    return {name: found.get(name, []) for name in ("upgrade", "downgrade")}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _checks(database: Path) -> dict[str, dict[str, str]]:
    """Return the check constraints by table and name; Alembic does not compare these."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
        return {str(table): dict(_CHECK.findall(str(sql))) for table, sql in rows}
