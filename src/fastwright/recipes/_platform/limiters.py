"""Limiters of packages that an app counts with already: one beside them would contradict them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from fastwright.project.model import Endpoint
from fastwright.project.source import SourceFile, assigned, called, last_name
from fastwright.recipes._recipe import Known, Refusal

_PACKAGES = frozenset({"slowapi", "fastapi_limiter"})
_FOR_ALL = frozenset({"default_limits", "application_limits"})


def theirs(known: Known, limit: str, left: Endpoint, limited: Mapping[str, str]) -> Refusal | None:
    """Return the refusal for an endpoint that the limiter of the app does not count yet, if it has one."""
    for file in _limiting(known):
        for node in file.nodes:
            if way := _way(node, limit):
                return Refusal(
                    reason=f"the app has a limiter ({file.path}:{getattr(node, 'lineno', 0)}), and a second one "
                    "would count beside it",
                    hint=f"{left.method} {left.path} ({left.file}:{left.line}): {way}; then: fastwright prove",
                    items=tuple(f"{name}: {how}" for name, how in limited.items()),
                )
    return None


def limits_all(known: Known) -> bool:
    """Tell whether the middleware of slowapi limits anything by itself: what it does without defaults is nothing."""
    made = (node for file in _limiting(known) for node in file.nodes if called(node) == "Limiter")
    return any(word.arg in _FOR_ALL for node in made if isinstance(node, ast.Call) for word in node.keywords)


def _limiting(known: Known) -> Iterator[SourceFile]:
    for file in known.source.own:
        if not _PACKAGES.isdisjoint(module.split(".")[0] for module, _name in file.imports):
            yield file


def _way(node: ast.AST, limit: str) -> str:
    """Return how an endpoint is limited with what is set up there, if a limiter is."""
    amount, _slash, unit = limit.partition("/")
    targets = assigned(node)
    if targets and isinstance(node, ast.Assign | ast.AnnAssign) and node.value and called(node.value) == "Limiter":
        line = f'@{last_name(targets[0])}.limit("{limit}")'
        return f"{line} between its route and the function, which takes `request: Request`"
    if not isinstance(node, ast.Call):
        return ""
    if ast.unparse(node.func) == "FastAPILimiter.init":
        wait = f"{unit}s=1" if unit != "day" else "hours=24"
        return f"dependencies=[Depends(RateLimiter(times={amount}, {wait}))]"
    if called(node) == "RateLimiter" and any(word.arg == "limiter" for word in node.keywords):
        return f"dependencies=[Depends(RateLimiter(limiter=Limiter(Rate({amount}, Duration.{unit.upper()}))))]"
    return ""
