"""Fields in words: `a tracking number, which is a unique string, and an optional delivered_at timestamp`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastwright.agent.filling.facets import Facets, facets
from fastwright.agent.language.inflection import guessed_form
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
_PLURALS = {f"{word}s": kind for word, kind in TYPES.items()} | {"numbers": "int"}
# Types whose word is as often the name of a field: a `date`, an `email`.
_NAMES_TOO = frozenset({"email", "url", "uri", "date", "text", "link", "flag", "json", "timestamp", "currency"})
_BY_NAME = (
    (re.compile(r"(^|_)e?mail(_address)?$"), "email"),
    (re.compile(r"(^|_)(url|website|homepage|link)$"), "url"),
    (re.compile(r"(_at|_time|timestamp)$"), "datetime"),
    (re.compile(r"(_on|_date|^date|_until|birthday|deadline|_day)$"), "date"),
    (
        re.compile(r"(^|_)(price|amount|cost|fee|total|salary|wage|rent|tax|balance|premium|budget|deposit|fare)$"),
        "decimal",
    ),
    (re.compile(r"^(is|has|can)_|^(active|enabled|archived|paid|done|published|fragile|available)$"), "bool"),
    (re.compile(r"(^|_)(description|body|notes?|comment|bio|content|summary|text)$"), "text"),
    (
        re.compile(
            r"(^|_)(quantity|count|capacity|age|floor|stars|rating|stock|seats|minutes|duration|size|points|kg|km|cm)$"
        ),
        "int",
    ),
    (re.compile(r"(^|_)year(_|$)"), "int"),
    (re.compile(r"(^|_)(lat|latitude|lon|lng|longitude)$"), "float"),
)
_WRITTEN = re.compile(r"(^|_)(name|title|code|label|slug|key|sku|password|nickname|tag|number)$")
_NOISE = word_set(
    """
    a an " the with have each its their field column attribute property of as which that be should must and it in
    type also plus some contain include - ' ` every one store has they need for all where there will long value call
    name_ maybe say used probably please thanks is being are record stays not null minimum maximum characters besides
    own
    by only data short kind that both or just simple can may this these those we you he she finally lastly optionally
    """
)
# What goes on about the fields before it: `which is unique`, `both optional`.
_QUALIFIES = re.compile(
    r"\s*(?:(?:which|that)\b(?!\s+(?:has|have|contains?|holds?))|both\b|all\b|(?:it|they|this|these)\s+(?:is|are|may|must|can|should)\b)",
    re.IGNORECASE,
)
_REACHES = {"both": 2, "all": 1000}
_NAMED = re.compile(r"\b(?:called|named)\s+[\"'`“]?(\w+)", re.IGNORECASE)
_WHETHER = re.compile(
    r"\b(?:whether|if)\s+(?:or not\s+)?(?:it|they|he|she|the \w+)?\s*(is|has|can|are|was)?\b", re.IGNORECASE
)
_LEAD = re.compile(
    r"^\s*(?:(?:it|they|which|that)\s+)?(?:also\s+)?(?:has|have|having|carry|carries|holds?|goes|runs for|runs|gets|"
    r"stores|keeps|records|comes with|needs|includes|contains)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(date|time) of (?=\w)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_\w+)*(?:-[a-z]+)?")
_CUT = re.compile(r"[()]|,|;|\n|[.!](?=\s|$)|\band\b|&|\bplus\b|\bas well as\b")


@dataclass
class _Item:
    """What one item of a list says: of a field of its own, or, without a name, of those before it."""

    names: list[str]
    kind: str
    facets: Facets
    article: bool
    reaches: int = 1
    plural: bool = False


@dataclass
class _Found:
    """A field as far as it is told. `kind` is empty until a type is said."""

    name: str
    kind: str
    article: bool
    said: dict[str, Any] = field(default_factory=dict[str, Any])
    counts_letters: bool = False

    def take(self, item: _Item) -> None:
        """Add what a later item says."""
        self.kind = item.kind or self.kind
        self.said.update(item.facets.said)
        self.counts_letters = self.counts_letters or item.facets.counts_letters

    def told(self) -> dict[str, Any]:
        """Return the field as a plan has it."""
        kind = self.kind or _kind(self.name)
        bounded = {"min", "max"} & set(self.said)
        if not self.kind and kind == "str" and bounded and not self.counts_letters and not _WRITTEN.search(self.name):
            kind = "int"
        return {"name": self.name, "type": kind, "required": True, **self.said}


def pascal(words: Sequence[str], *, is_one: bool = False) -> str:
    """Return the name of a resource, in the singular: `insurance policies` are `InsurancePolicy`; a lens `is_one`."""
    if len(words) == 1 and re.search(r"[a-z][A-Z]", words[0]):
        return words[0][:1].upper() + words[0][1:]
    parts = [part for word in words for part in re.split(r"[-_\s]+", word) if part]
    singular = [*parts[:-1], guessed_form(parts[-1].lower())] if parts and not is_one else parts
    return naming.pascal("_".join(part.lower() for part in singular))


def fields_in_plain(text: str) -> list[dict[str, Any]]:
    """Return the fields of a list that is in the words that `plainly` gives."""
    found: list[_Found] = []
    for joined, words in _items(text):
        item = _item(words)
        known = next((one for one in found if item.names and one.name == _name(item)), None)
        if known is not None:
            known.take(item)
        elif item.names:
            found.append(_Found(_name(item), item.kind, item.article))
            found[-1].take(item)
            if item.plural and joined and len(found) > 1 and not found[-2].kind:
                found[-2].kind = item.kind
        else:
            for one in found[-item.reaches :]:
                one.take(item)
    return [one.told() for one in found]


def _items(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the items of a list, and whether `and` joins them to what is before.

    They are cut at commas and `and`, but not inside parentheses, nor between two bounds.
    """
    depth, start, joined = 0, 0, False
    for found in _CUT.finditer(text):
        mark = found.group()
        if mark in "()":
            depth += 1 if mark == "(" else -1
        elif depth <= 0 and not _is_range(text, found):
            yield joined, text[start : found.start()]
            start, joined = found.end(), mark in {"and", "&"}
    yield joined, text[start:]


def _is_range(text: str, found: re.Match[str]) -> bool:
    return found.group() == "and" and bool(
        re.search(r"between\s+\d[\d.]*\s*$", text[: found.start()]) and re.match(r"\s*\d", text[found.end() :])
    )


def _item(text: str) -> _Item:
    """Return what an item says; what stands in parentheses says no name."""
    told, rest = facets(_LEAD.sub(" ", text))
    outside, inside = re.sub(r"\([^()]*\)?", " ", rest), " ".join(re.findall(r"\(([^()]*)\)?", rest))
    outside, inside = (outside, inside) if re.search(r"[A-Za-z]", outside) else (inside, "")
    item = _Item([], told.kind, told, bool(re.match(r"\s*an?\s", outside, re.IGNORECASE)))
    if _QUALIFIES.match(text):
        item.reaches = _REACHES.get(text.split(maxsplit=1)[0].lower(), 1)
        item.kind = item.kind or _type_in(outside)
    elif named := _NAMED.search(outside):
        item.kind = item.kind or _type_in(outside[: named.start()] + outside[named.end() :])
        item.names = [named.group(1).lower()]
    elif whether := _WHETHER.search(outside):
        item.kind = "bool"
        item.names = [one for one in _words(outside[whether.end() :])[:2] if one not in _NOISE]
    else:
        _read_words(item, outside)
    item.kind = item.kind or _type_in(inside)
    return item


def _read_words(item: _Item, text: str) -> None:
    """Take the type and the name from the words of an item."""
    if dated := _DATED.search(text):
        item.kind = {"date": "date", "time": "datetime"}[dated.group(1).lower()]
        text = text.replace(dated.group(), "")
    for word in _words(text):
        first = text.lower().lstrip().startswith(word)
        if word in TYPES and (item.names or item.kind or not (first and word in _NAMES_TOO)):
            item.kind = item.kind or TYPES[word]
        elif word in _PLURALS and item.names and not item.kind:
            item.kind, item.plural = _PLURALS[word], True
        elif word == "time" and item.names and "_" in item.names[-1]:  # an ends_at time
            item.kind = item.kind or "datetime"
        elif word not in _NOISE:
            item.names.append(word)
    if item.kind in {"date", "email"} and [_kind(name) for name in item.names] == ["str"]:
        item.names.append(item.kind)  # an expiry date
    if not item.names:
        own_type = {word for word in _NAMES_TOO if TYPES[word] == item.kind}
        item.names = [word for word in _words(text) if word in {"value", "type", "kind", "data"} | own_type][:1]


def _type_in(text: str) -> str:
    words = _words(text)
    return next((kind for word in words if (kind := TYPES.get(word) or _PLURALS.get(word))), "")


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _name(item: _Item) -> str:
    return naming.snake("_".join(item.names))


def _kind(name: str) -> str:
    return next((kind for pattern, kind in _BY_NAME if pattern.search(name)), "str")
