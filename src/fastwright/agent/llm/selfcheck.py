"""The self-verification of an edit: each question is answered by the proof or by the edit, never by the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fastwright.agent.llm.editing import Draft, is_test
from fastwright.agent.llm.reading import Mask
from fastwright.design.model import Frozen
from fastwright.proof.carrying import Carried

_ASKED: Mapping[str, str] = {
    "app": "Does the app start?",
    "promise": "Is what was asked for there now, and was it not before?",
    "tests": "Do the project's own tests pass as they did?",
    "access": "Can nobody do more than before?",
    "contract": "Is nothing different in the contract but what was announced?",
    "migrations": "Do the migrations run up and down, and fit the models?",
}


class Check(Frozen):
    """A question, its answer, and what it rests on. `unknown` is an answer, too."""

    question: str
    answer: Literal["yes", "no", "unknown"]
    evidence: str


def self_check(draft: Draft, carried: Carried) -> tuple[Check, ...]:
    """Return the answers for an edit that was tried."""
    steps = {step.name: step for step in carried.proof.steps}
    of_proof = tuple(
        Check(
            question=question, answer="yes" if steps[name].status == "passed" else "no", evidence=steps[name].evidence
        )
        if name in steps
        else Check(question=question, answer="unknown", evidence=carried.undone.get(name, "there is nothing to run"))
        for name, question in _ASKED.items()
    )
    return (*of_proof, _new_tests(draft), _no_secret(carried))


def _new_tests(draft: Draft) -> Check:
    tests = [file.path for file in draft.files if is_test(file.path)]
    question = "Is what is new tested in the project itself?"
    return Check(question=question, answer="yes" if tests else "no", evidence=", ".join(tests) or "no test was added")


def _no_secret(carried: Carried) -> Check:
    added = [line[1:] for line in carried.diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    secrets = [line.strip() for line in added if Mask().hide(line) != line]
    question = "Is there no secret in what was added?"
    evidence = f"looks like one: {Mask().hide(secrets[0])}" if secrets else f"{len(added)} lines were looked through"
    return Check(question=question, answer="no" if secrets else "yes", evidence=evidence)
