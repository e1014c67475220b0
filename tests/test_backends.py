"""Whole backends, as people get them: written from a design, and proven with real parts."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fastwright.design import write_yaml
from fastwright.design.model import Design
from fastwright.proof.backend import backend_steps
from fastwright.proof.model import Step
from fastwright.verbs.new import NewRequest, NewResult, Workshop, new
from tests.design.strategies import designs

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
STEPS = {"environment", "contract", "tests", "types", "migrations", "boot", "lint"}


def run_new(name: str, *arguments: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Run `fastwright new` as a person would."""
    command = [sys.executable, "-m", "fastwright", "new", name, "--json", "--directory", str(directory), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=1500)


def names_in(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def failures(result: dict[str, Any]) -> str:
    return json.dumps(result.get("error") or result["proof"], indent=2)


def prove_example(name: str, directory: Path) -> dict[str, Any]:
    done = run_new(name, "--design", str(EXAMPLES / f"{name}.yaml"), directory=directory)
    result: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 0, failures(result)
    return result


def test_the_shop_lands_with_every_step_of_its_proof(tmp_path: Path):
    result = prove_example("shop", tmp_path)

    assert {step["name"] for step in result["proof"]["steps"]} == STEPS
    assert result["landed"] is True
    assert {"app", "tests", "migrations", "PROOF.md", "uv.lock", "README.md"} <= names_in(tmp_path / "shop")
    assert names_in(tmp_path) == {"shop"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["blog", "clinic", "erp"])
def test_the_other_examples_land_too(name: str, tmp_path: Path):
    assert prove_example(name, tmp_path)["landed"] is True


@pytest.mark.slow
def test_a_design_in_short_lands(tmp_path: Path):
    post = "Post title:str(1..200) body:text published_at:datetime? author:->User"
    done = run_new("blog", "-r", post, "-r", "Tag name:str(1..40)! posts:<->Post", directory=tmp_path)

    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_design_without_resources_lands(tmp_path: Path):
    done = run_new("accounts", directory=tmp_path)

    assert done.returncode == 0, done.stdout


def prove_quickly(design: Design) -> NewResult:
    """Prove that the code of `design` imports, migrates up-down-up, and passes its own tests, types and style."""

    def steps(project: Path) -> tuple[Step, ...]:
        return tuple(step for step in backend_steps(project) if step.name not in {"contract", "boot"})

    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "design.yaml"
        file.write_text(write_yaml(design), encoding="utf-8")
        request = NewRequest(name=design.name, design=file, directory=Path(scratch), dry_run=True)
        return new(request, workshop=Workshop(steps=steps))


def whole_backends(examples: int) -> settings:
    """Hypothesis only draws here: shrinking would prove hundreds of backends."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@whole_backends(1)
@given(design=designs().filter(lambda design: len(design.resources) > 1))
def test_a_random_design_passes_its_own_tests(design: Design):
    result = prove_quickly(design)

    assert result.proof.proven, result.proof.model_dump_json(indent=2) + write_yaml(design)


@pytest.mark.slow
@whole_backends(40)
@given(design=designs())
def test_many_random_designs_pass_their_own_tests(design: Design):
    result = prove_quickly(design)

    assert result.proof.proven, result.proof.model_dump_json(indent=2) + write_yaml(design)
