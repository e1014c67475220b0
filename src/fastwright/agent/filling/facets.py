"""What is said of a field besides its name and type: bounds, that it is unique, that it may be left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_NUMBER = r"(\d+(?:\.\d+)?)"
_LETTERS = r"(?:\s*(?:-\s*)?(?:char\w*|letters?|symbols?|digits?|persons?|people|pieces|units|items)\b)?(?:\s+long\b)?"
_LEAST = r"at least|min(?:imum)?(?: of| length)?|from|(?:not?|never) (?:less|shorter|fewer|lower) than|not below|>="
_MOST = (
    r"at most|max(?:imum)?(?: of| length)?|up to|(?:not?|never) (?:more|longer|greater|higher|bigger|larger) than|"
    r"(?:not?|never) (?:to )?exceed(?:ing|s)?|not above|<="
)
_NOT_NEGATIVE = (
    r"\b(?:non-?negative|(?:(?:(?:must|can|may)(?: ?not|n?'t)|never) (?:be|go|drop|fall|get)|not|never) "
    r"(?:negative|(?:below|under) (?:0|zero)))\b"
)
_BOUNDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), keys)
    for pattern, keys in (
        (rf"(?:between|from|range)?\s*{_NUMBER}\s*(?:and|to|-|–|\.\.)\s*{_NUMBER}{_LETTERS}", ("min", "max")),
        (r"\b(\d+)-(?:char\w*|letter|digit|symbol)s?\b", ("both",)),
        (rf"\bexactly\s*{_NUMBER}{_LETTERS}", ("both",)),
        (rf"(?:{_LEAST})\s*:?=?\s*{_NUMBER}{_LETTERS}(?: upwards?| or more)?", ("min",)),
        (rf"{_NUMBER}\s*(?:or|and) (?:more|up|above|higher)", ("min",)),
        (rf"(?:{_MOST})[\s:=]*{_NUMBER}{_LETTERS}", ("max",)),
        (r"(\d+)\s*(?:char\w*|letters?|symbols?)(?: max(?:imum)?| at most| or (?:less|fewer))?", ("max",)),
        (r"(\d+)\s*(?:max(?:imum)?|at most|or less|or fewer)\b", ("max",)),
        (_NOT_NEGATIVE, ("zero",)),
        (r"\b(?:positive|(?:greater|more) than (?:0|zero)|above (?:0|zero))\b|>\s*0\b", ("positive",)),
    )
)
_OPTIONAL = (
    r"\b(?:(?:which|that|it|and|or|but) )?(?:(?:is|are) )?(?:not (?:required|mandatory|obligatory|necessary)|"
    r"optional(?:ly)?|nullable|need ?n[o']t be (?:given|set|there|filled(?: in)?)|"
    r"(?:may|can|could|might) (?:also )?be (?:left )?"
    r"(?:empty|blank|missing|null|absent|out|omitted|unset|none|open)|"
    r"if (?:any|known|given|available|present|there is (?:one|any))|or (?:null|none|nothing)|"
    r"(?:may|can|might) (?:also )?not be (?:there|given|known|set)|"
    r"(?:may|might|can) (?:also )?(?:have|contain))\b|(?<=\w)\?(?=\W|$)"
)
_REQUIRED = (
    r"\b(?:required?|mandatory|obligatory|not null(?:able)?|non-?(?:null|empty)|not (?:be )?(?:empty|blank|null)|"
    r"must (?:always )?be (?:given|set|there|present|filled(?: in)?))\b"
)
_UNIQUE = (
    r"\b(?:unique(?:ly)?|(?:which |that )?no(?: (?:two|other|duplicates)\b|body else\b)[^,;.()]*|"
    r"(?:must|may|can|should) ?not (?:repeat|be repeated|occur twice))"
)
_MARKS = tuple(
    (re.compile(pattern, re.IGNORECASE), key, value)
    for pattern, key, value in (
        (_OPTIONAL, "required", False),
        (_REQUIRED, "required", True),
        (_UNIQUE, "unique", True),
    )
)
_MONEY = re.compile(
    r"\bin (?:euros?|eur|(?:us )?dollars?|usd|pounds?|gbp|francs?|chf|money)\b|[€$£]",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:char|letter|symbol|digit)|\b(?:long|length)\b", re.IGNORECASE)
# A number whose name is not `number`: `a number from 1 to 5`, `as numbers`.
_ANY_NUMBER = re.compile(r"^\s*(?:which (?:is|are) |that (?:is|are) )?(?:an?|as(?: an?)?) numbers?\b", re.IGNORECASE)


_FIRST = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: str(number) for number, word in enumerate(_FIRST, 1)}
# Other words for the same: first the longer ones.
_SAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\be-?mail(?:[ -]address)?\b", "email"),
        (r"\b(max|min)\.", r"\1"),
        (r"\boption+al+\b", "optional"),
        (r"\n\s*[-*•]\s*(\w+) - ", r", \1 "),
        (r"\n\s*[-*•]\s*", ", "),
        (r"\b(it|that|there)['’]s\b", r"\1 is"),
        (r"\bwhole numbers?\b", "integer"),
        (r"\b(?:(?:an?|the)\s+(?:int(?:eger)?\s+)?|int(?:eger)?\s+)number of (?=\w)", "integer "),
        (r"\b(?:long|free|plain) text\b", "longtext"),
        (r"\b(?:yes ?[/-] ?no|true ?[/-] ?false|yes or no)\b", "boolean"),
        (r"\bdate ?(?:and|&|/|-) ?time\b", "datetime"),
        (r",?\s*\bif (?:known|any|given|available|present|there is one),\s+(?:an?|the)\b", " optional"),
        (r"\b(?:maybe|perhaps|possibly)\b", "optional"),
        (r"\s\|\s", ", "),
        (r"\bof course\b", ""),
    )
)
_FEW = re.compile(
    rf"\b((?:minimum|maximum|min|max|least|most|up to|exactly|than)(?: of)?) ({'|'.join(_NUMBERS)})\b", re.IGNORECASE
)


def plainly(text: str) -> str:
    """Return the text with the words that the readers of fields know."""
    for pattern, plain in _SAME:
        text = pattern.sub(plain, text)
    return _FEW.sub(lambda found: f"{found.group(1)} {_NUMBERS[found.group(2).lower()]}", text)


@dataclass
class Facets:
    """What was said, by the keys of a field in a plan; the type, where words other than a type's name tell it."""

    said: dict[str, Any] = field(default_factory=dict[str, Any])
    kind: str = ""
    counts_letters: bool = False


def facets(text: str) -> tuple[Facets, str]:
    """Return what a text says of a field, and the text without it."""
    found = Facets()
    if _ANY_NUMBER.match(text):
        found.kind, text = "int", _ANY_NUMBER.sub(" ", text)
    for pattern, keys in _BOUNDS:
        if bound := pattern.search(text):
            found.counts_letters = found.counts_letters or bool(_COUNTED.search(text))
            text = text[: bound.start()] + " " + text[bound.end() :]
            for key, value in _values(keys, bound):
                found.said.setdefault(key, value)
    for pattern, key, value in _MARKS:
        text, times = pattern.subn(" ", text)
        if times:
            found.said.setdefault(key, value)
    if _MONEY.search(text):
        found.kind, text = "decimal", _MONEY.sub(" ", text)
    return found, text


def _values(keys: tuple[str, ...], bound: re.Match[str]) -> list[tuple[str, float]]:
    if keys in {("zero",), ("positive",)}:
        return [("min", 0 if keys == ("zero",) else 1)]
    numbers = [float(one) if "." in one else int(one) for one in bound.groups()]
    return (
        list(zip(("min", "max"), numbers * 2, strict=True))
        if keys == ("both",)
        else list(zip(keys, numbers, strict=True))
    )
