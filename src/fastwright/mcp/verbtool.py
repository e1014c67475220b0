"""What makes a verb a tool: one declaration in a file of `tools/`, found by itself and named after the file."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal

from pydantic import BaseModel

from fastwright.proof.model import Progress

# `reads` leaves everything as it is; `creates` writes only what was not there; `changes` asks before it lands.
Effect = Literal["reads", "creates", "changes"]
# Limits are ours, and a program that is run is chosen by the person who starts the server.
NOT_FOR_CLIENTS = frozenset({"limits", "python"})


def plainly(result: BaseModel) -> dict[str, Any]:
    """Return a result as data, where its verb adds nothing."""
    return result.model_dump(mode="json")


@dataclass(frozen=True)
class VerbTool:
    """A verb, and what a model has to know of it. `as_data` is what the command prints with `--json`.

    The arguments of the tool are the fields of `request`, but for those that are `hidden`; `about` describes those
    that are this verb's own.
    """

    title: str
    description: str
    effect: Effect
    request: type[BaseModel]
    result: type[BaseModel]
    run: Callable[[Any, Progress], BaseModel]
    as_data: Callable[[Any], dict[str, Any]] = plainly
    about: Mapping[str, str] = field(default_factory=dict[str, str])
    hidden: frozenset[str] = NOT_FOR_CLIENTS


@cache
def verb_tools() -> Mapping[str, VerbTool]:
    """Return the declared tools by name."""
    package = import_module("fastwright.mcp.tools")
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    return {name: import_module(f"{package.__name__}.{name}").TOOL for name in names}
