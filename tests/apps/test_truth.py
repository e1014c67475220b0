"""The hand-written truths are true: the source says so, and so does each app when it runs in its own environment."""

from __future__ import annotations

import ast
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from corpus import APPS, HERE, copy, interpreter, settings, truth

SECONDS = 120
REFUSED = {401, 403}
AUTH_KEYS = {"required", "schemes", "roles", "guards"}
ENDPOINT_KEYS = {"method", "path", "name", "file", "line", "auth", "request_model", "response_model"}
CONVENTIONS = {
    "layout": {"single-file", "layers", "domains"},
    "style": {"sync", "async"},
    "depends": {"annotated", "default"},
    "orm": {"sqlalchemy", "sqlmodel", "none"},
}

every_app = pytest.mark.parametrize("app", APPS)


def test_the_corpus_covers_every_convention():
    assert len(APPS) >= 10
    for convention, values in CONVENTIONS.items():
        assert {truth(app)["conventions"][convention] for app in APPS} == values


@every_app
def test_the_truth_is_complete_and_says_each_thing_once(app: str):
    facts = truth(app)
    assert facts.keys() == {"run", "endpoints", "models", "conventions", "unresolved_expected"}
    assert facts["conventions"].keys() == CONVENTIONS.keys()
    for endpoint in facts["endpoints"]:
        assert endpoint.keys() - {"in_schema"} == ENDPOINT_KEYS
        assert endpoint["auth"].keys() == AUTH_KEYS
    operations = [(endpoint["method"], endpoint["path"]) for endpoint in facts["endpoints"]]
    assert len(operations) == len(set(operations))


@every_app
def test_endpoints_and_models_are_where_the_truth_says(app: str):
    facts = truth(app)
    for endpoint in facts["endpoints"]:
        assert endpoint["name"] in _functions_at(HERE / app / endpoint["file"], endpoint["line"]), endpoint
    for model in facts["models"]:
        assert model["name"] in _classes(HERE / app / model["file"])


@pytest.mark.slow
@every_app
def test_the_app_runs_as_the_truth_says(app: str, tmp_path: Path):
    facts = truth(app)
    seen = _observe(app, tmp_path)

    assert _sorted(seen["documented"]) == _sorted(
        [_document(endpoint), endpoint["method"], endpoint["path"]]
        for endpoint in facts["endpoints"]
        if endpoint.get("in_schema", True)
    )
    assert _sorted(seen["served"]) == _sorted([e["method"], e["path"], e["name"]] for e in facts["endpoints"])
    for endpoint, status in zip(facts["endpoints"], seen["answers"], strict=True):
        asked = f"{endpoint['method']} {endpoint['path']} answered {status}"
        assert (status in REFUSED) == endpoint["auth"]["required"], asked
        assert status < 500, asked
    assert _models(seen["models"]) == _models(facts["models"])


@pytest.mark.slow
@every_app
def test_the_tests_of_the_app_pass(app: str, tmp_path: Path):
    ran = _run(app, copy(app, tmp_path), "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("app", [app for app in APPS if (HERE / app / "alembic.ini").exists()])
def test_the_migrations_of_the_app_give_its_models(app: str, tmp_path: Path):
    folder = copy(app, tmp_path)
    for words in (("upgrade", "head"), ("check",), ("downgrade", "base"), ("upgrade", "head")):
        ran = _run(app, folder, "-m", "alembic", *words)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def _observe(app: str, tmp_path: Path) -> dict[str, Any]:
    folder = copy(app, tmp_path)
    if (folder / "alembic.ini").exists():
        _run(app, folder, "-m", "alembic", "upgrade", "head")
    facts = truth(app)
    question = {"run": facts["run"], "ask": [[e["method"], e["path"]] for e in facts["endpoints"]]}
    ran = _run(app, folder, str(HERE / "observe.py"), json.dumps(question))
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def _run(app: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [interpreter(app), *arguments],
        cwd=folder,
        env=settings(app),
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
    )


def _document(endpoint: dict[str, Any]) -> str:
    """Return the prefix of the app whose OpenAPI document has the endpoint."""
    where = endpoint.get("in_schema", True)
    return where if isinstance(where, str) else ""


def _models(models: list[dict[str, Any]]) -> list[tuple[str, str, list[str], list[str]]]:
    return sorted((m["name"], m["table"], sorted(m["columns"]), sorted(m["relations"])) for m in models)


def _sorted(rows: Any) -> list[list[str]]:
    return sorted(list(row) for row in rows)


def _functions_at(path: Path, line: int) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(_tree(path)) if isinstance(node, functions) and node.lineno == line}


def _classes(path: Path) -> set[str]:
    return {node.name for node in ast.walk(_tree(path)) if isinstance(node, ast.ClassDef)}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))
