"""How well requests are explained: the cases of an app, each sent to it by the diagnosis, and what was made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastwright.diagnose.conversation import Conversation, converse
from fastwright.diagnose.diagnosis import diagnose
from fastwright.diagnose.inputs import Typed
from fastwright.diagnose.model import Diagnosis
from fastwright.project.where import Where

HERE = Path(__file__).resolve().parent
APPS = tuple(sorted(path.stem for path in (HERE / "cases").glob("*.json")))
_OPTIONS = ("endpoint", "body", "headers", "query", "form", "files", "curl")
ENOUGH = 0.95


@dataclass(frozen=True)
class Score:
    """How many were right; `wrong` says what was not."""

    cases: int = 0
    right: int = 0
    at_fault: int = 0
    accepted: int = 0
    wrong: tuple[str, ...] = ()

    def __add__(self, other: Score) -> Score:
        return Score(
            self.cases + other.cases,
            self.right + other.right,
            self.at_fault + other.at_fault,
            self.accepted + other.accepted,
            (*self.wrong, *other.wrong),
        )

    def __str__(self) -> str:
        return f"{self.right}/{self.cases} right, {self.accepted}/{self.at_fault} corrected requests accepted"

    @property
    def is_good(self) -> bool:
        return self.right >= ENOUGH * self.cases and self.accepted >= ENOUGH * self.at_fault


@cache
def cases(app: str) -> dict[str, Any]:
    """Return where an app is, and its cases."""
    return json.loads((HERE / "cases" / f"{app}.json").read_text(encoding="utf-8").replace("{here}", str(HERE)))


def score_app(app: str, python: Path) -> Score:
    """Return the score of all cases of an app."""
    with converse(Where(project=HERE / cases(app)["app"], python=python)) as talk:
        score = Score()
        for case in cases(app)["cases"]:
            score += score_case(talk, case)
        return score


def score_case(talk: Conversation, case: dict[str, Any]) -> Score:
    """Return the score of one case."""
    typed = Typed(**{key: case[key] for key in _OPTIONS if key in case})
    found = diagnose(talk, typed)
    wrong = [f"{case['name']}: {text}" for text in _differences(case, found)]
    wants = case["accepted"] and case["verdict"] != "accepted"
    if wants and not found.verified:
        last = found.corrected_status
        wrong.append(f"{case['name']}: the corrected request is not accepted ({last})")
    return Score(1, not _differences(case, found), int(wants), int(wants and found.verified), tuple(wrong))


def _differences(case: dict[str, Any], found: Diagnosis) -> list[str]:
    """Return how a diagnosis differs from what is true."""
    told: list[str] = []
    if found.verdict != case["verdict"]:
        told.append(f"verdict {found.verdict}, and not {case['verdict']}")
    got = sorted((_shown(problem.loc), problem.cause) for problem in found.problems)
    wanted = sorted((_shown(problem["loc"]), problem["cause"]) for problem in case["problems"])
    if case.get("loose"):
        got, wanted = [("", cause) for _loc, cause in got], [("", cause) for _loc, cause in wanted]
    if got != wanted:
        told.append(f"problems {got}, and not {wanted}")
    return told


def _shown(loc: Any) -> str:
    return ".".join(map(str, loc))
