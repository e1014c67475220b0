"""Apps that grow in a known way: all of it is found, what an edit can take away is taken away, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.verbs.optimize import OptimizeRequest, OptimizeResult, optimize
from tests.measure import corpus

QUICK = frozenset({"festival", "surgery"})
GROWING = [pytest.param(app, marks=() if app in QUICK else pytest.mark.slow) for app in corpus.APPS]
HEALTHY = [pytest.param(app, marks=() if app == "loans" else pytest.mark.slow) for app in corpus.APPS]


def optimized(app: str, root: Path) -> OptimizeResult:
    return optimize(OptimizeRequest(project=root, python=corpus.interpreter(), app=corpus.truth(app)["app"]))


def contents(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in root.rglob("*.py")}


@pytest.mark.parametrize("app", GROWING)
def test_what_grows_is_found_and_taken_away_where_an_edit_can(app: str, tmp_path: Path) -> None:
    root, truth = corpus.copy(app, tmp_path), corpus.truth(app)
    before = contents(root)
    result = optimized(app, root)
    assert not result.undriven
    growing = [one for one in result.endpoints if corpus.grows(one)]
    assert [corpus.is_known(one, app) for one in growing] == [True], growing
    if not truth["fix"]:
        assert [left.cause for left in result.left] == list(growing[0].causes)
        assert all(left.advice for left in result.left)
        assert not result.landed
        assert contents(root) == before
        return
    assert result.proof.proven
    assert result.landed
    assert growing[0].growth_after == "constant"
    assert {one.response for one in result.endpoints} <= {"identical", "repaired"}
    assert contents(root) != before


@pytest.mark.parametrize("app", HEALTHY)
def test_a_healthy_twin_is_left_alone(app: str, tmp_path: Path) -> None:
    root = corpus.twin(app, tmp_path)
    before = contents(root)
    result = optimized(app, root)
    assert not result.undriven
    assert [one.path for one in result.endpoints if corpus.grows(one)] == []
    assert not result.change.operations
    assert contents(root) == before


@pytest.mark.slow
def test_a_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    root = corpus.copy("vineyard", tmp_path)
    assert optimized("vineyard", root).landed
    again = optimized("vineyard", root)
    assert again.done
    assert not again.change.operations
