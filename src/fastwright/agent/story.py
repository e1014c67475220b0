"""The explanation of what was done: put together from facts, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastwright.agent.facts import Facts, Performed
from fastwright.agent.plan import Planned
from fastwright.agent.wording import shown

_SECTIONS: tuple[tuple[str, str], ...] = (
    ("What was found or changed", "findings"),
    ("Files", "files"),
    ("Why this way", "decisions"),
    ("Alternatives", "alternatives"),
    ("Security and other things to watch", "risks"),
    ("Proven", "proven"),
    ("Not proven", "not_proven"),
    ("Next", "next_steps"),
)


def told(planned: Planned, performed: Sequence[Performed]) -> str:
    """Return the explanation of a plan that was run, as far as it was."""
    return "\n".join(_lines(planned, performed)).strip() + "\n"


def _lines(planned: Planned, performed: Sequence[Performed]) -> Iterator[str]:
    for number, one in enumerate(performed, start=1):
        yield f"## {number}. {shown(one.step)}"
        yield ""
        yield f"Done: {one.facts.summary}." if one.done else f"Not done, and nothing was changed: {_why(one)}"
        yield ""
        yield from _sections(one.facts)
    left = planned.plan[len(performed) :]
    if left:
        yield "## Not begun"
        yield ""
        yield from (f"- {shown(step)}" for step in left)
        yield ""
    if planned.explanation:
        yield "## Left out"
        yield ""
        yield planned.explanation


def _sections(facts: Facts) -> Iterator[str]:
    for title, name in _SECTIONS:
        lines: tuple[str, ...] = getattr(facts, name)
        if lines:
            yield f"**{title}**"
            yield ""
            yield from (f"- {line}" for line in lines)
            yield ""


def _why(one: Performed) -> str:
    return f"{one.error}." + (f" Next: {one.hint}" if one.hint else "")
