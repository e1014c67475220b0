"""What promises have in common: requests with the answers that they have to get, and names in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from fastwright.proof.calls import Answer, Around, Call
from fastwright.proof.held import Regression
from fastwright.proof.model import StepFailed

# A request, the statuses of which its answer has to have one, and what it is, in words.
Asked = tuple[Call, tuple[int, ...], str]


def answered(trial: Regression, asked: Sequence[Asked], around: Around | None = None) -> tuple[Answer, ...]:
    """Return the answers after the change. Raises `StepFailed` at the first that is not as it has to be."""
    calls = [call for call, _wanted, _why in asked]
    answers = trial.converse("after", calls, around).answers
    for (call, wanted, why), answer in zip(asked, answers, strict=True):
        if answer.status not in wanted:
            told = f"{call.shown}, {why}: answered with {answer.status} {answer.error}\n{answer.body[:300]}"
            raise StepFailed(told)
    return answers


def check_absent(path: str, before: Answer) -> None:
    """Raise `StepFailed` if a POST to `path` did something already before the change."""
    if before.status not in (404, 405):
        raise StepFailed(f"POST {path} answered {before.outcome} before the change, not 404 or 405")


def quoted(name: str) -> str:
    """Return the name of a table or column as SQL has it."""
    return '"' + name.replace('"', '""') + '"'
