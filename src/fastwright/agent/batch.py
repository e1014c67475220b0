"""Many requests in one process: JSON lines in, JSON lines out, one answer for every line, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from fastwright.agent.plan import Planned, Planner
from fastwright.agent.project import view


def answers(lines: Iterable[str], planner: Planner) -> Iterator[str]:
    """Yield one JSON object for every line that is not empty; a line that cannot be read is answered with why."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(line, planner))


def _answer(line: str, planner: Planner) -> dict[str, Any]:
    number = None
    try:
        request = json.loads(line)
        number = request.get("id")
        text, project = str(request["text"]), view(request.get("project") or {})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"this line is not a request: {type(error).__name__}: {error}"
        return {"id": number, **Planned(explanation=why).as_data()}
    try:
        planned = planner.plan(text, project)
    except Exception as error:  # noqa: BLE001 - the other lines must be answered
        planned = Planned(explanation=f"this request could not be planned: {type(error).__name__}: {error}")
    return {"id": number, **planned.as_data()}
