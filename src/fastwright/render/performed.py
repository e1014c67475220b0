"""How a plan went, as an explanation for people and as data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from fastwright.agent.facts import Performed
from fastwright.agent.plan import Planned
from fastwright.agent.story import told
from fastwright.render.add import add_as_data
from fastwright.render.check import result_as_json
from fastwright.render.new import new_as_data
from fastwright.render.optimize import optimize_as_data
from fastwright.render.protect import protect_as_data

# What each verb's own command prints with --json; the others print their result as it is.
_AS_DATA: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "add": add_as_data,
    "check": lambda result: json.loads(result_as_json(result)),
    "explain": lambda result: result.model_dump(mode="json", exclude={"answer"}),
    "new": new_as_data,
    "optimize": optimize_as_data,
    "protect": protect_as_data,
}


def ask_as_data(planned: Planned, performed: Sequence[Performed]) -> dict[str, Any]:
    """Return the plan and the results for `--json`, with an `error` if a step does not hold."""
    data = {
        **planned.as_data(),
        "results": [_result(one) for one in performed],
        "explanation": told(planned, performed),
    }
    if performed and not performed[-1].done:
        data["error"] = {"message": performed[-1].error, "hint": performed[-1].hint}
    return data


def _result(one: Performed) -> dict[str, Any]:
    result = None
    if one.result is not None:
        result = _AS_DATA.get(one.step.verb, lambda found: found.model_dump(mode="json"))(one.result)
    return {
        "verb": one.step.verb,
        "args": one.step.args,
        "done": one.done,
        "landed": one.landed,
        "facts": one.facts.model_dump(mode="json"),
        "error": {"message": one.error, "hint": one.hint} if not one.done else None,
        "result": result,
    }


def print_story(planned: Planned, performed: Sequence[Performed], console: Console) -> None:
    """Print the explanation: as Markdown where it is read by people at a terminal, as its source elsewhere."""
    text = told(planned, performed)
    console.print()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        console.print(Text(text), soft_wrap=True)
