"""Who may store files, and who may have them: as the app guards what it has already."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.project.model import Endpoint
from fastwright.project.names import Symbol
from fastwright.recipes._guards import Chosen, choose
from fastwright.recipes._recipe import Known, Refusal


@dataclass(frozen=True)
class Guarded:
    """The expression that attaches a guard, or nothing, and what it names; `endpoints` are those that it closes now."""

    text: str
    symbols: dict[str, Symbol]
    endpoints: tuple[Endpoint, ...]
    shown: str


def writers(known: Known, near: Sequence[Endpoint]) -> Guarded | Refusal:
    """Return the guard of those who may change things: near these endpoints, or else anywhere in the app."""
    operations = [one for one in known.project.endpoints if one.kind == "operation"]
    writes = [one for one in near if one.method in ("POST", "PUT", "PATCH", "DELETE") and one.auth.required]
    closed = writes or [one for one in operations if one.auth.required and one.auth.guards]
    if not closed:
        return Guarded("", {}, (), "")
    roles = [one.auth.roles for one in writes]
    role = roles[0][0] if roles and all(roles) else None
    chosen = choose(known, [*near, *operations][:1], role)
    if isinstance(chosen, Refusal):
        return chosen
    symbols = {name: symbol for name in _names(chosen) if (symbol := _symbol(known, chosen, name))}
    return Guarded(chosen.text, symbols, tuple(closed), chosen.guard.shown)


def _names(chosen: Chosen) -> list[str]:
    return [node.id for node in ast.walk(chosen.target) if isinstance(node, ast.Name)]


def _symbol(known: Known, chosen: Chosen, name: str) -> Symbol | None:
    return known.names.resolve(chosen.home, ast.Name(name))
