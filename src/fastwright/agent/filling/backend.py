"""`new`: the name of a backend, and what it has to hold."""

from __future__ import annotations

import re
from typing import Any

from fastwright.agent.filling.context import Context, ask
from fastwright.agent.filling.facets import plainly
from fastwright.agent.filling.resources import LISTS, resources
from fastwright.design import naming

_NAMES = (
    re.compile(r"(?:^|[.!?\n]\s*)name\s*[:=]\s*['\"`“]?([A-Za-z][\w-]*)['\"`”]?", re.IGNORECASE),
    re.compile(
        r"\b(?:called|named|named? it|(?:by|with) the name(?: of)?|call it)\s+['\"`“]?([A-Za-z][\w-]*)['\"`”]?",
        re.IGNORECASE,
    ),
    re.compile(r"['\"`“]([a-z][\w-]*)['\"`”]"),
    re.compile(
        r"\b(?:backend|project|service|app|application|api)\s*:?\s+"
        r"((?!with|for|that|which|called|named|from|having|in|and|to|where|by|using)[a-z][a-z0-9]*(?:-[a-z0-9]+)*)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\b"),
)  # fmt: skip
_SENTENCE = re.compile(r"[.!?](?:\s|$)|\n")


def new(context: Context) -> dict[str, Any]:
    """Return the arguments of `new`. Raises `Open` if it has no name or no resources."""
    text = context.own_text
    found = next((match for pattern in _NAMES if (match := pattern.search(text))), None)
    if found is None:
        raise ask("What should the new backend be called, and which resources does it have?")
    before = _SENTENCE.split(text[: found.start()])[-1]
    told = (before + ". " if LISTS.search(before) else "") + text[found.end() :]
    listed = resources(plainly(told))
    if not listed:
        raise ask(f"Which resources does {found.group(1)} have?")
    return {"name": naming.kebab(found.group(1)), "resources": listed}
