"""What a model is told: the procedure, and that its word counts for nothing without evidence."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal


def prompt(task: Literal["plan", "edit"]) -> str:
    """Return the instructions for a task."""
    place = files("fastwright.agent.llm") / "prompts"
    return "\n".join((place / f"{name}.md").read_text(encoding="utf-8") for name in ("common", task))
