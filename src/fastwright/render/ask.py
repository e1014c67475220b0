"""A plan and its questions, for people."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from fastwright.agent.plan import Planned, Step
from fastwright.agent.wording import shown


def print_plan(planned: Planned, console: Console) -> None:
    """Print the steps, each with its reason, and what is left out."""
    for number, step in enumerate(planned.plan, start=1):
        line = Text.assemble((f"  {number}. ", "dim"), (shown(step), "bold"))
        console.print(line + Text(f"  ({step.reason})" if step.reason else "", "dim"), soft_wrap=True)
    if planned.explanation:
        console.print(Text(f"  {planned.explanation}", "yellow"), soft_wrap=True)


def print_questions(planned: Planned, console: Console) -> None:
    """Print what has to be known first, with numbered choices; or why there is no plan."""
    if planned.explanation and (not planned.questions or planned.explanation != planned.questions[0].text):
        console.print(Text(planned.explanation), soft_wrap=True)
    for question in planned.questions:
        console.print(Text(question.text, "bold"), soft_wrap=True)
        for number, choice in enumerate(question.choices, start=1):
            console.print(Text.assemble((f"  {number}. ", "cyan"), choice.label), soft_wrap=True)


def announcer(console: Console, count: int) -> Callable[[int, Step], None]:
    """Return what says which step is begun."""

    def announce(number: int, step: Step) -> None:
        console.print()
        console.print(Text.assemble((f"[{number}/{count}] ", "dim"), (shown(step), "bold")), soft_wrap=True)

    return announce
