"""Resources in words: their name, their fields with types and bounds, and what they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastwright.agent.language.inflection import guessed_form
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set
from fastwright.design import naming

TYPES = {
    "str": "str", "string": "str", "varchar": "str", "char": "str", "text": "text", "longtext": "text", "int": "int",
    "integer": "int", "whole": "int", "bigint": "int", "float": "float", "double": "float", "real": "float",
    "decimal": "decimal", "money": "decimal", "numeric": "decimal", "currency": "decimal", "bool": "bool",
    "boolean": "bool", "flag": "bool", "date": "date", "datetime": "datetime", "timestamp": "datetime", "uuid": "uuid",
    "guid": "uuid", "email": "email", "url": "url", "link": "url", "uri": "url", "json": "json",
    "jsonb": "json", "dict": "json", "paragraph": "text",
}  # fmt: skip
_BY_NAME = (
    (re.compile(r"(^|_)e?mail(_address)?$"), "email"),
    (re.compile(r"(^|_)(url|website|homepage|link)$"), "url"),
    (re.compile(r"(_at|_time|timestamp)$"), "datetime"),
    (re.compile(r"(_on|_date|^date|_until|birthday|deadline|_day)$"), "date"),
    (re.compile(r"(^|_)(price|amount|cost|fee|total|salary|balance|premium|budget|deposit|fare)$"), "decimal"),
    (re.compile(r"^(is|has|can)_|^(active|enabled|archived|paid|done|published|fragile|available)$"), "bool"),
    (re.compile(r"(^|_)(description|body|notes?|comment|bio|content|summary|text)$"), "text"),
    (
        re.compile(
            r"(^|_)(quantity|count|capacity|age|year|floor|stars|rating|stock|seats|minutes|duration|size|points|kg|km|cm)$"
        ),
        "int",
    ),
)
_ADJECTIVES = {
    "unique": ("unique", True),
    "optional": ("required", False),
    "nullable": ("required", False),
    "required": ("required", True),
    "mandatory": ("required", True),
    "require": ("required", True),
}
_NOISE = word_set(
    """
    a " an the with have each its their field column attribute property of as which that be should must and it in
    type also plus some contain include - ' ` every one store has they need for all where there will long value call
    name_ maybe say probably please thanks is being are record stays not null minimum maximum characters besides own
    by only data short kind
    """
)
_NUMBER = r"(\d+(?:\.\d+)?)"
_LETTERS = r"(?:\s*(?:char\w*|letters?|symbols?|digits?))?"
_BOUNDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), keys)
    for pattern, keys in (
        (rf"(?:between|from|range)?\s*{_NUMBER}\s*(?:and|to|-|–|\.\.)\s*{_NUMBER}{_LETTERS}", ("min", "max")),
        (
            rf"(?:at least|min(?:imum)?(?: of| length)?|from|not? less than|>=|minimal)\s*:?=?\s*{_NUMBER}{_LETTERS}",
            ("min",),
        ),
        (
            rf"(?:at most|max(?:imum)?(?: of| length)?|up to|not? (?:more|longer) than|<=)[\s:=]*{_NUMBER}{_LETTERS}",
            ("max",),
        ),
        (r"(\d+)\s*(?:char\w*|letters?|symbols?)(?: max(?:imum)?| at most| or less)?", ("max",)),
        (r"(\d+)\s*(?:max(?:imum)?|at most|or less|or fewer)\b", ("max",)),
        (r"\b(?:non-?negative|not negative)\b", ("zero",)),
        (r"\b(?:positive|greater than (?:0|zero))\b", ("positive",)),
    )
)


def pascal(words: Sequence[str]) -> str:
    """Return the name of a resource, in the singular: `insurance policies` are `InsurancePolicy`."""
    if len(words) == 1 and re.search(r"[a-z][A-Z]", words[0]):
        return words[0][:1].upper() + words[0][1:]
    parts = [part for word in words for part in re.split(r"[-_\s]+", word) if part]
    singular = [*parts[:-1], guessed_form(parts[-1].lower())] if parts else []
    return naming.pascal("_".join(part.lower() for part in singular))


def fields(text: str) -> list[dict[str, Any]]:
    """Return the fields that a list in words names, in order."""
    return [field for item in _items(text) if (field := _field(item)) is not None]


def _items(text: str) -> Iterator[str]:
    """Yield the items of a list: cut at commas and `and`, but not inside parentheses nor between two bounds."""
    depth, start = 0, 0
    for found in re.finditer(r"[()]|,|;|\n|\band\b|&|\bplus\b|\bas well as\b", text):
        mark = found.group()
        if mark in "()":
            depth += 1 if mark == "(" else -1
        elif depth <= 0 and not _is_range(text, found):
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]


def _is_range(text: str, found: re.Match[str]) -> bool:
    return found.group() == "and" and bool(
        re.search(r"between\s+\d[\d.]*\s*$", text[: found.start()]) and re.match(r"\s*\d", text[found.end() :])
    )


def _field(item: str) -> dict[str, Any] | None:
    bounds, rest = _bounds(item)
    dated = re.search(r"\b(date|time) of (?=\w)", rest, re.IGNORECASE)
    rest = rest.replace(dated.group(), "") if dated else rest
    known: dict[str, Any] = {}
    names: list[str] = []
    kind = {"date": "date", "time": "datetime"}[dated.group(1).lower()] if dated else ""
    for word in re.findall(r"[A-Za-z][A-Za-z0-9]*(?:_\w+)*(?:-[a-z]+)?", rest):
        lower = word.lower()
        if lower in _ADJECTIVES:
            key, value = _ADJECTIVES[lower]
            known[key] = value
        elif lower in TYPES and (
            names or kind or not rest.lower().lstrip().startswith(lower) or _types_follow(lower, rest)
        ):
            kind = kind or TYPES[lower]
        elif lower not in _NOISE:
            names.append(lower)
    if not names and kind and (alone := re.search(r"[A-Za-z]+", rest.replace("unique", ""))):
        names = [kind if kind in {"email", "url", "date", "text"} else alone.group().lower()]
    if not names:
        names = [word for word in re.findall(r"[a-z]+", rest.lower()) if word in {"value", "type", "kind", "data"}][:1]
    if not names:
        return None
    name = naming.snake("_".join(names))
    kind = kind or _kind(name)
    return {"name": name, "type": kind, "required": True, **known, **bounds}


def _types_follow(lower: str, rest: str) -> bool:
    """`text body` and `date of last inspection` name a type first; `email` and `url` alone are names."""
    return lower not in {"email", "url", "date", "text", "link", "number", "flag", "json", "real", "whole"} and bool(
        re.search(rf"\b{lower}\b\s+\w", rest, re.IGNORECASE)
    )


def _kind(name: str) -> str:
    return next((kind for pattern, kind in _BY_NAME if pattern.search(name)), "str")


def _bounds(item: str) -> tuple[dict[str, Any], str]:
    """Return the bounds that an item names, and the item without them."""
    bounds: dict[str, Any] = {}
    for pattern, keys in _BOUNDS:
        found = pattern.search(item)
        if not found:
            continue
        item = item[: found.start()] + " " + item[found.end() :]
        if keys in {("zero",), ("positive",)}:
            bounds.setdefault("min", 0 if keys == ("zero",) else 1)
            continue
        for key, value in zip(keys, found.groups(), strict=True):
            bounds.setdefault(key, float(value) if "." in value else int(value))
    return bounds, item


def relations(
    words: Sequence[Word], models: Mapping[str, str], own: Sequence[str]
) -> tuple[list[dict[str, str]], list[str]]:
    """Return the relations that the words name, and what is no model. `own` are words for the new resource."""
    found: list[dict[str, str]] = []
    missing: list[str] = []
    lemmas = [word.lemma for word in words]
    for place, lemma in enumerate(lemmas):
        kind = _relation_kind(lemmas, place)
        if not kind:
            continue
        subject = _model_before(lemmas, place, models)
        target = _model_after(lemmas, place + 1, models, own)
        if target is None and kind == "many-to-many":
            target = next(
                (
                    models[one]
                    for one in reversed(lemmas[max(0, place - 6) : place])
                    if one in models and one not in own
                ),
                None,
            )
        if subject and (target is None or lemma in {"belong", "have"}) and _is_own(lemmas, place, own):
            target, kind = models[subject], _REVERSED[kind]
        if target is None:
            missing += _noun_after(lemmas, place + 1)
        elif not any(one["to"] == target for one in found):
            found.append({"to": target, "kind": kind})
    return found, missing


_REVERSED = {"many-to-one": "one-to-many", "one-to-many": "many-to-one", "many-to-many": "many-to-many"}


def _relation_kind(lemmas: Sequence[str], place: int) -> str:
    lemma, after = lemmas[place], [*lemmas[place + 1 : place + 4], "", "", ""]
    if lemma == "many" and after[1] == "many":
        return "many-to-many"
    if lemma == "belong" or (
        lemma in {"reference", "link", "attach", "relate", "refer", "assign", "tie"} and "to" in after
    ):
        return "many-to-one"
    if lemma == "reference":
        return "many-to-one"
    if lemma == "have" and after[0] in {"many", "several", "multiple"}:
        return "one-to-many"
    return ""


def _model_before(lemmas: Sequence[str], place: int, models: Mapping[str, str]) -> str | None:
    for before in range(place - 1, max(-1, place - 4), -1):
        if lemmas[before] in {".", ";"}:
            return None
        if lemmas[before] in models:
            return lemmas[before]
    return None


def _model_after(lemmas: Sequence[str], place: int, models: Mapping[str, str], own: Sequence[str]) -> str | None:
    for after in range(place, min(len(lemmas), place + 7)):
        for size in (2, 1):
            name = "".join(lemmas[after : after + size])
            if name in models and name not in own and len(lemmas[after : after + size]) == size:
                return models[name]
        if lemmas[after] in {".", ";"}:
            return None
    return None


def _is_own(lemmas: Sequence[str], place: int, own: Sequence[str]) -> bool:
    return bool(set(own) & set(lemmas[place + 1 : place + 6]))


def _noun_after(lemmas: Sequence[str], place: int) -> list[str]:
    small = {"to", "a", "an", "the", "one", "many", "with", "and", "or", "exactly", "several", "each", "of", "multiple"}
    return [lemma for lemma in lemmas[place : place + 6] if lemma not in small and lemma.isalpha()][:1]
