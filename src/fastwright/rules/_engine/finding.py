"""What a rule says, and what it becomes when it is reported."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, Literal

from fastwright.design.model import Frozen
from fastwright.rules._engine.endpoints import Route
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Module

Severity = Literal["high", "medium", "low"]
Category = Literal["contract", "access", "data", "errors", "lint"]
Certainty = Literal["shown by a run", "read from the code"]


@dataclass(frozen=True)
class Rule:
    """What is known of a rule beside its page; its name is that of its file.

    `standards` are those that it serves: ids of ASVS 5.0.0, of the OWASP API Security Top 10 2023, and CWEs. One that
    is `by_run` finds something only after a run that is asked for.
    """

    category: Category
    severity: Severity
    standards: tuple[str, ...] = ()
    by_run: bool = False


@dataclass(frozen=True, eq=False)
class Found:
    """A place where a rule holds. `facts` is for the rule's own `fix`.

    `first` and `last` are the lines on which a comment can allow it: those of the statement, or of the signature.
    """

    file: str
    line: int
    message: str
    route: Route | None = None
    shown: bool = False
    first: int = 0
    last: int = 0
    symbol: str = ""
    severity: Severity | None = None
    facts: dict[str, Any] = field(default_factory=dict[str, Any])


class Finding(Frozen):
    """What is wrong, where, why it hurts, and how that is known."""

    rule: str
    category: Category
    severity: Severity
    file: str
    line: int
    symbol: str
    endpoint: str | None
    message: str
    why: str
    certainty: Certainty
    fixable: bool
    standards: tuple[str, ...]
    fingerprint: str


def at(
    where: Module | Function,
    node: ast.AST | int,
    message: str,
    *,
    route: Route | None = None,
    shown: bool = False,
    severity: Severity | None = None,
    **facts: Any,
) -> Found:
    """Return that something was found at a node, or on a line, of a module or of a function."""
    module = where.module if isinstance(where, Function) else where
    line = node if isinstance(node, int) else int(getattr(node, "lineno", 1))
    last = int(getattr(node, "end_lineno", line) or line)
    symbol = where.qualname if isinstance(where, Function) else ""
    return Found(module.path, line, message, route, shown, line, min(last, line + 30), symbol, severity, facts)


def on(route: Route, message: str, *, shown: bool = False, severity: Severity | None = None, **facts: Any) -> Found:
    """Return that something was found on an endpoint: it is shown at its `def`."""
    function = route.function
    file = route.endpoint.file or ""
    line = function.node.lineno if function else route.endpoint.line or 1
    first, last = (function.first_line, function.last_header_line) if function else (line, line)
    symbol = function.qualname if function else route.endpoint.name
    return Found(file, line, message, route, shown, first, last, symbol, severity, facts)
