"""`new`: the name of a backend, and its resources."""

from __future__ import annotations

import re
from typing import Any

from fastwright.agent.filling.context import Context, ask
from fastwright.agent.filling.fields import fields, pascal
from fastwright.agent.language.wordsets import word_set
from fastwright.design import naming

_NEW_NAME = (
    re.compile(r"\b(?:called|named|named? it|by the name(?: of)?|call it)\s+['\"`“]?([A-Za-z][\w-]*)", re.IGNORECASE),
    re.compile(r"['\"`“]([a-z][\w-]*)['\"`”]"),
    re.compile(
        r"\b(?:backend|project|service|app|application|api)\s*:?\s+"
        r"((?!with|for|that|which|called|named|from|having|in|and|to|where|by|using)[a-z][a-z0-9]*(?:-[a-z0-9]+)*)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\b"),
)  # fmt: skip
_NEW_LIST = re.compile(
    r"\b(?:with|having|has|have|resources?|for|manag\w+|track\w*|handl\w+|models?|contain\w*|entit\w+)\b\s*:?|:",
    re.IGNORECASE,
)
_NEW_NOISE = word_set(
    """
    the a an resource resources model models entities entity and with it should have has some its manages tables
    table following these please thanks in to we need as manage for called named of just now start fresh backend create
    brand-new separate project service api app application only new
    """
)


def new(context: Context) -> dict[str, Any]:
    """Return the arguments of `new`. Raises `Open` if it has no name or no resources."""
    text = context.own_text
    found = next((match for pattern in _NEW_NAME if (match := pattern.search(text))), None)
    if found is None:
        raise ask("What should the new backend be called, and which resources does it have?")
    rest = (
        text[: found.start()] + " . " + text[found.end() :]
        if _NEW_LIST.search(text[: found.start()])
        else text[found.end() :]
    )
    listed = _listed(rest)
    if not listed:
        raise ask(f"Which resources does {found.group(1)} have?")
    return {"name": naming.kebab(found.group(1)), "resources": listed}


_ARTICLE = r"(?:an?|the|one|exactly one|each|every)\s+"
_BELONGS = re.compile(
    rf"[,;]?\s*(?:\band\s+)?(?:{_ARTICLE})?\b([A-Za-z][\w-]*)\s+(?:should\s+|must\s+|also\s+)*"
    rf"(belongs?\s+to|(?:has|have)\s+(?:many|several))\s+(?:{_ARTICLE})?([A-Za-z][\w-]*)",
    re.IGNORECASE,
)
_OWN = re.compile(
    rf"(?:,|\band\b|\bwhich\b|\bthat\b)\s*(?:it\s+)?belongs?\s+to\s+(?:{_ARTICLE})?([A-Za-z][\w-]*)", re.IGNORECASE
)
_HEAD = re.compile(
    r"(?:,?\s*\band\s+)?(?:\bthere (?:are|is)\s+)?(?:\b(?:an?|the|each|every)\s+)?\b"
    r"(?!(?:it|that|which|backend|api|project|service|app|resources?|models?)\b)([A-Za-z][\w-]*)\s+"
    r"(?:have|has|with)\s+(?=an?\s|the\s|fields?\b|name\b|title\b|\w+_\w+|\w+\s+(?:str|string|int|integer|text|decimal|date)\b)",
    re.IGNORECASE,
)


def _listed(text: str) -> list[dict[str, Any]]:
    start = _NEW_LIST.search(text)
    heads = list(_HEAD.finditer(text := _BELONGS.sub("", whole := text)))
    plain_end = heads[0].start() if heads else len(text)
    plain = text[start.end() : plain_end] if start and start.end() <= plain_end else text[: 0 if heads else None]
    resources = _named(plain)
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=False):
        described = fields(_OWN.sub("", text[head.end() : end]).rstrip(" .!"))
        name = pascal([head.group(1)])
        named = next((one for one in resources if one["resource"] == name), None)
        if named is None:
            resources.append(named := {"resource": name})
        named.update({"fields": described} if described else {})
    return _related(resources, whole)


def _named(text: str) -> list[dict[str, Any]]:
    """Return the resources of a list; what stands in parentheses are fields."""
    resources: list[dict[str, Any]] = []
    for found in re.finditer(r"([A-Za-z][\w\s'-]*?)\s*(\([^)]*\))?\s*(?:,|\band\b|&|;|[.!?](?:\s|$)|\n|$)", text):
        words = [word for word in re.findall(r"[A-Za-z][\w-]*", found.group(1)) if word.lower() not in _NEW_NOISE]
        if not words:
            continue
        described = fields((found.group(2) or "")[1:-1])
        resources.append({"resource": pascal(words[-2:]), **({"fields": described} if described else {})})
    return resources


def _related(resources: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Return the resources with the relations that a text tells between them."""
    by_name = {one["resource"]: one for one in resources}
    told = [(found.group(1), found.group(2), found.group(3)) for found in _BELONGS.finditer(text)]
    heads = list(_HEAD.finditer(text))
    for found in _OWN.finditer(text):
        told += [(head.group(1), "belongs", found.group(1)) for head in heads if head.end() <= found.start()][-1:]
    for one, how, other in told:
        subject, target = pascal([one]), pascal([other])
        if subject in by_name and target in by_name:
            kind = "many-to-one" if how.lower().startswith("belong") else "one-to-many"
            by_name[subject].setdefault("relations", []).append({"to": target, "kind": kind})
    return resources
