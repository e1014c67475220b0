"""The plan: what every planner returns, whoever or whatever it is, and all that it can say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from pydantic import Field

from fastwright.agent.project import ProjectView
from fastwright.design.model import Frozen

Verb = Literal["map", "check", "add", "protect", "optimize", "explain", "prove", "undo", "new"]
READ_ONLY: frozenset[Verb] = frozenset({"map", "check", "explain", "prove"})


class Step(Frozen):
    """One call of a verb. `reason` says which words, or which other step, it is there for."""

    verb: Verb
    args: dict[str, Any] = Field(default_factory=dict)
    reason: str = ""

    @property
    def changes(self) -> bool:
        """Whether the step may change the project."""
        return self.verb not in READ_ONLY


class Choice(Frozen):
    """One reading of words that have several; `words` said in place of the first ones, it is the only one."""

    label: str
    words: str = ""


class Question(Frozen):
    """What has to be known before anything is done. Without choices, any answer in words will do."""

    text: str
    choices: tuple[Choice, ...] = ()


class Planned(Frozen):
    """What is to be done. Where there are questions there is no plan; with neither, `explanation` says why."""

    plan: tuple[Step, ...] = ()
    questions: tuple[Question, ...] = ()
    explanation: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return what `ask` promises: `plan`, `questions` and `explanation`."""
        steps: list[Mapping[str, Any]] = [{"verb": step.verb, "args": step.args} for step in self.plan]
        return {
            "plan": steps,
            "questions": [question.model_dump(mode="json") for question in self.questions],
            "explanation": self.explanation,
        }


class Planner(Protocol):
    """Makes a plan of words. It must answer whatever the words are, and it never runs or writes anything."""

    def plan(self, words: str, project: ProjectView) -> Planned:
        """Return the plan, or what has to be asked first, or why there is none."""
        ...
