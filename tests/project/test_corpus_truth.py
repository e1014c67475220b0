"""The map of every app of the corpus is what a person wrote down from reading it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fastwright.project.model import Endpoint, Project
from fastwright.project.read import read_project
from tests.apps.corpus import APPS, HERE, copy, interpreter, truth


def seen(endpoint: Endpoint) -> dict[str, Any]:
    auth = endpoint.auth
    return {
        **{name: getattr(endpoint, name) for name in ("method", "path", "name", "file", "line")},
        **{name: getattr(endpoint, name) for name in ("request_model", "response_model")},
        "required": auth.required,
        "schemes": sorted(auth.schemes),
        "roles": sorted(auth.roles),
        "guards": sorted({guard.name for guard in auth.guards}),
    }


def expected(endpoint: dict[str, Any]) -> dict[str, Any]:
    auth = endpoint["auth"]
    names = ("method", "path", "name", "file", "line", "request_model", "response_model")
    return {
        **{name: endpoint[name] for name in names},
        "required": auth["required"],
        **{name: sorted(auth[name]) for name in ("schemes", "roles", "guards")},
    }


def by_path(endpoints: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"{endpoint['method']} {endpoint['path']}": endpoint for endpoint in endpoints}


def mapped(app: str, place: Path) -> Project:
    example = truth(app)["run"].get("env_file")
    return read_project(copy(app, place), python=interpreter(app), env_file=HERE / app / example if example else None)


@pytest.mark.parametrize("app", APPS)
def test_the_map_equals_the_truth(app: str, tmp_path: Path) -> None:
    facts = truth(app)
    project = mapped(app, tmp_path)

    assert project.app.entry == facts["run"]["app"]
    assert by_path([seen(endpoint) for endpoint in project.endpoints]) == by_path(
        [expected(endpoint) for endpoint in facts["endpoints"]]
    )
    assert all(endpoint.auth.proven for endpoint in project.endpoints)
    assert {model.name: (model.table, model.file) for model in project.models} == {
        model["name"]: (model["table"], model["file"]) for model in facts["models"]
    }
    for model in facts["models"]:
        found = next(one for one in project.models if one.name == model["name"])
        assert sorted(column.name for column in found.columns) == sorted(model["columns"])
        assert sorted(relation.name for relation in found.relations) == sorted(model["relations"])
    assert {name: getattr(project.conventions, name) for name in facts["conventions"]} == facts["conventions"]
    said = [f"{one.subject}: {one.reason}" for one in project.unresolved]
    assert len(said) == len(facts["unresolved_expected"]), said
    for part in facts["unresolved_expected"]:
        assert any(part in line for line in said), said
