"""The edits that fixes are made of: a piece of source by its node, and an endpoint that need not be `async`."""

from __future__ import annotations

import ast

from fastwright.changes.replace_text import ReplaceText
from fastwright.rules._rule import Function, Module, Route, View

_AWAITING = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)
# What needs the running loop, also without an `await`.
_LOOP = frozenset({"asyncio", "anyio", "create_task", "get_running_loop", "get_event_loop", "call_soon"})


def replaced(module: Module, node: ast.expr | ast.stmt, text: str, *, until: int | None = None) -> ReplaceText | None:
    """Return the edit that puts `text` in the place of a node, or of its first `until` bytes.

    The lines above it are taken with it until they stand in the file just once; nothing if that is never so.
    """
    lines = module.content.splitlines(keepends=True)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    end = node.end_col_offset or 0
    if until is not None:
        last, end = first, node.col_offset + until
    for start in range(first, -1, -1):
        above = b"".join(lines[start:first])
        before = above + b"".join(lines[first : last + 1])
        after = above + lines[first][: node.col_offset] + text.encode() + lines[last][end:]
        if module.content.count(before) == 1 and after not in module.content:
            return ReplaceText(file=module.path, before=before.decode(), after=after.decode())
    return None


def made_sync(view: View, route: Route | None) -> ReplaceText | None:
    """Return the edit that makes an endpoint a plain `def`, which FastAPI runs in a thread.

    Nothing if it awaits something, needs the loop, or is called by other code.
    """
    function = route.function if route is not None and route.endpoint.kind == "operation" else None
    if function is None or not function.is_async or _needs_loop(function):
        return None
    if function.name in view.called_names:
        return None
    return replaced(function.module, function.node, "def", until=len("async def"))


def _needs_loop(function: Function) -> bool:
    if any(True for kind in _AWAITING for _node in function.nodes(kind)) or function.inner:
        return True
    if any(one.is_async for node in function.nodes(ast.ListComp) for one in node.generators):
        return True
    named = {node.id for node in function.nodes(ast.Name)} | {node.attr for node in function.nodes(ast.Attribute)}
    return not named.isdisjoint(_LOOP)
