"""For random models and payloads, one mutation: it is named by its place, and the corrected request is accepted."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fastwright.diagnose.conversation import converse
from fastwright.diagnose.diagnosis import diagnose
from fastwright.diagnose.inputs import Typed
from fastwright.project.where import Where
from tests.diagnose.random_apps import RandomModel, random_apps, source

# A failure is not made smaller: every app is a process, and each model in it says enough.
PHASES = (Phase.explicit, Phase.generate)
SOME = settings(
    max_examples=2,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    phases=PHASES,
)
MANY = settings(SOME, max_examples=60, derandomize=False)


def explained(models: list[RandomModel], python: Path) -> None:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "main.py").write_text(source(models), encoding="utf-8")
        with converse(Where(project=Path(directory), python=python)) as talk:
            for model in models:
                found = diagnose(talk, Typed(endpoint=f"POST /{model.name.lower()}", body=json.dumps(model.payload)))
                told = f"{model.code}\nsent {model.payload}\nfound {found.problems}\ncorrected {found.corrected}"
                assert [problem.loc for problem in found.problems] == [model.loc], told
                assert found.verdict == "request", told
                assert found.verified, told
                assert kept(model.payload, found.corrected.body if found.corrected else None, model.loc[1:]), told


def kept(sent: dict[str, Any], corrected: object, loc: tuple[str | int, ...]) -> bool:
    """Tell whether everything but what was refused is as it was sent."""
    found = cast("dict[str, Any]", corrected) if isinstance(corrected, dict) else {}
    return all(found.get(name) == value for name, value in sent.items() if name != loc[0])


@SOME
@given(models=random_apps(8))
def test_one_mutation_is_named_and_corrected(models: list[RandomModel], today: Path) -> None:
    explained(models, today)


def test_words_for_a_decimal_that_may_be_missing_become_a_number(today: Path) -> None:
    code = """
class Price(BaseModel):
    amount: Annotated[Decimal, Field(gt=0, max_digits=6, decimal_places=2)] | None = None


@app.post("/price")
def post_price(data: Price):
    return {}

"""
    explained([RandomModel("Price", code, {"amount": 1}, {"amount": "lots"}, ("body", "amount"))], today)


@pytest.mark.slow
@MANY
@given(models=random_apps(12))
def test_many_mutations_are_named_and_corrected(models: list[RandomModel], today: Path) -> None:
    explained(models, today)
