"""What is told of a step that was performed: facts that its verb gave, and nothing that was made up afterwards."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from fastwright.agent.plan import Step
from fastwright.design.model import Frozen
from fastwright.proof.model import Proof
from fastwright.verbs.explanation import Explanation


class Facts(Frozen):
    """Of one step: what changed and where, why this way, what else would do, what to watch, what is proven."""

    summary: str
    files: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()
    not_proven: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()


class Performed(Frozen):
    """A step, and how it went. `done` says that it holds; if not, `error` says why. `result` is the verb's."""

    step: Step
    done: bool
    facts: Facts
    landed: bool = False
    error: str = ""
    hint: str = ""
    result: Any = Field(default=None, exclude=True)


def facts_of(explanation: Explanation, proof: Proof, diff: str = "") -> Facts:
    """Return the facts of a verb that changes something."""
    return Facts(
        summary=explanation.summary,
        files=files_of(diff),
        decisions=explanation.decisions,
        alternatives=explanation.alternatives,
        risks=explanation.risks,
        proven=tuple(_line(step.title, step.evidence) for step in proof.steps if step.status == "passed"),
        not_proven=tuple(_line(step.title, step.evidence) for step in proof.steps if step.status != "passed"),
        next_steps=explanation.next_steps,
    )


def failed_steps(proof: Proof) -> str:
    """Return which steps of a proof are in the way, and why."""
    told = [f"{step.title.lower()}: {step.headline or 'no evidence'}" for step in proof.in_the_way]
    return "; ".join(told) or "not proven"


def files_of(diff: str) -> tuple[str, ...]:
    """Return the files that a diff changes."""
    named = [line[4:].split("\t")[0] for line in diff.splitlines() if line.startswith(("+++ ", "--- "))]
    return tuple(dict.fromkeys(name[2:] if name[:2] in {"a/", "b/"} else name for name in named if name != "/dev/null"))


def _line(title: str, evidence: str) -> str:
    return f"{title}: {evidence.strip().splitlines()[0]}" if evidence.strip() else title
