"""Values in the words: limits, times, origins, revisions, names of roles and categories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fastwright.agent.language.inflection import guessed_form
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "once": 1, "single": 1, "two": 2, "twice": 2, "three": 3, "thrice": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "dozen": 12,
    "thousand": 1000, "half": 0.5, "couple": 2, "quarter": 0.25,
}  # fmt: skip
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000}
_SHORT = {"s": "second", "sec": "second", "secs": "second", "m": "minute", "min": "minute", "mins": "minute",
          "h": "hour", "hr": "hour", "hrs": "hour", "d": "day", "rps": "second", "rpm": "minute", "hourly": "hour",
          "daily": "day", "rph": "hour"}  # fmt: skip
_FLAT = {"rps": "second", "rpm": "minute", "rph": "hour"}
_LIMITED = frozenset({"second", "minute", "hour", "day"})
_CATEGORIES = {
    "security": word_set(
        """
        security secure safe unsafe insecure vulnerability vulnerable hole leak owasp hack hackable exploit exploitable
        attack attacker hacker abuse safely sec authorization permission injection pentest
        penetration protected protect guard
        """
    ),
    "performance": word_set(
        """
        performance slow fast nplus1 speed quick query bottleneck slowest efficient perform latency scale slowly
        performant speedup faster sluggish
        """
    ),
    "correctness": word_set("correctness bug mistake correct correctly wrong logic buggy race"),
}
_REVISION = re.compile(
    r"\b(?:against|since|versus|vs\.?|off|compared? (?:to|with|against)|relative to|from|with|as on|as in|as|on|into"
    r"|to|than|at|between|base[d:]?)\s+"
    r"(?:the\s+|our\s+|branch\s+|tag\s+|commit\s+|revision\s+)*"
    r"['\"`]?((?:origin/)?(?:main|master|develop|dev|trunk|staging|HEAD)\b(?:[~^]\d*)*(?:/[\w.-]+)?"
    r"|(?:[\w.-]+/)+[\w.-]*\w|(?:[A-Za-z]+-)?v?\d+(?:\.\d+)+|v\d+|[0-9a-f]{7,40})",
    re.IGNORECASE,
)


def number(text: str) -> float | None:
    """Return the number that a word is."""
    if text.lower() in _NUMBERS:
        return _NUMBERS[text.lower()]
    try:
        return float(text.replace(",", "")) if text[:1].isdigit() else None
    except ValueError:
        return None


def limit(words: Sequence[Word]) -> str | None:
    """Return the rate that the words name, the last of several: `five times a minute` is `5/minute`."""
    return next(reversed(list(_limits(words))), None)


def _limits(words: Sequence[Word]) -> Iterator[str]:
    for place, word in enumerate(words):
        if (amount := number(word.text)) is None or amount < 1 or word.lemma in {"a", "an", "once"}:
            continue
        if word.lemma == "one" and _text(words, place + 1) not in {"per", "a", "an", "each", "every"}:
            continue
        amount *= 1000 if _text(words, place + 1) in {"thousand", "k"} else 1
        amount *= 100 if _text(words, place + 1) == "hundred" else 1
        if unit := _rate_unit(words, place + 1):
            yield f"{int(amount)}/{unit}"


def _rate_unit(words: Sequence[Word], start: int) -> str | None:
    """Return the unit after `per`, `a`, `/` and the like, within a few words."""
    first = _text(words, start)
    if first in _FLAT:
        return _FLAT[first]
    for place in range(start, min(start + 7, len(words))):
        text = _text(words, place)
        if text in {"per", "a", "an", "each", "every", "/", "in", "within", "one", "any"} and place + 1 < len(words):
            step = 2 if _text(words, place + 1) in {"a", "one", "single", "an", "any", "1", "the"} else 1
            if (unit := _unit(_text(words, place + step))) in _LIMITED:
                return unit
        if text in {"hourly", "daily"}:
            return _SHORT[text]
    return None


def seconds(words: Sequence[Word]) -> int | None:
    """Return the time for which something is to hold, in seconds: `for ten minutes` is 600."""
    found = list(_times(words))
    led = [time for place, time in found if {word.lemma for word in words[max(0, place - 2) : place]} & _FOR]
    return (led or [time for _, time in found[-1:]] or [None])[0]


_FOR = frozenset({"for", "ttl", "=", ":", "after", "expire"})


def _times(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield where times are named, and how many seconds they are."""
    for place, word in enumerate(words):
        if word.lemma in {"a", "an"} and place and number(words[place - 1].text) is not None:
            continue  # half an hour
        if word.lemma == "hour" and [one.lemma for one in words[max(0, place - 3) : place - 1]] == ["quarter", "of"]:
            yield place, 15 * 60
            return
        unit = _UNITS.get(_unit(_text(words, place + 1)) or "")
        amount = number(word.text)
        if amount is not None and unit is None and _text(words, place + 1) in {"a", "an"}:
            unit = _UNITS.get(_unit(_text(words, place + 2)) or "")
        if amount is not None and unit is not None:
            before = number(_text(words, place - 1)) if place else None
            tens = before if before is not None and before >= 20 and amount < 10 else 0
            yield place, int((tens + amount) * unit)


def _unit(text: str) -> str | None:
    text = _SHORT.get(text, text)
    return text if text in _UNITS else text[:-1] if text[:-1] in _UNITS else None


def _text(words: Sequence[Word], place: int) -> str:
    return words[place].lemma.lower() if 0 <= place < len(words) else ""


def origins(words: Sequence[Word]) -> list[str]:
    """Return the origins that are named; of a longer URL, scheme and host alone."""
    found = [re.match(r"https?://[^/]+", word.text) for word in words if word.kind == "url"]
    return list(dict.fromkeys(one.group() for one in found if one))


def revision(text: str) -> str | None:
    """Return the revision that something is compared with."""
    found = _REVISION.findall(text)
    return found[-1] if found else None


def category(words: Sequence[Word]) -> str | None:
    """Return the one category of findings that is asked for; none if it is all, or several."""
    there = {word.lemma for word in words} | {word.text.lower() for word in words}
    found = [name for name, signs in _CATEGORIES.items() if signs & there]
    if "correctness" in found and len(found) > 1:
        found.remove("correctness")
    return found[0] if len(found) == 1 else None


def named_roles(words: Sequence[Word]) -> list[str]:
    """Return the roles that are to be introduced: `roles: dispatcher and mechanic`, `the roles a, b`."""
    start = max((place for place, word in enumerate(words) if word.lemma == "role"), default=None)
    if start is None:
        return []
    after = _names(words[start + 1 :])
    if after:
        return after
    before = words[:start]
    opening = max((place for place, word in enumerate(before) if word.lemma in _INTRODUCE), default=-1)
    if opening < 0:  # roles do not exist yet: we need …
        before = words
        opening = next((place for place in range(start, len(words)) if words[place].lemma in _INTRODUCE), -1)
    return _names(before[opening + 1 :]) if opening >= 0 else []


_INTRODUCE = frozenset({"add", "introduce", "create", "define", "setup", "need", "want", "have", "implement"})
_FILLING = word_set(
    """
    : " , and or a an the here call name for like such as namely ( ) - = with be should will our ' ` two three four new
    user different both sort kind type of group
    """
)
_STOPS = word_set(
    """
    . ; ! ? then so to who that please in only also where which because can may must on system protect base too
    do not exist yet
    """
) | {"\n"}


def _names(words: Sequence[Word]) -> list[str]:
    names: list[str] = []
    for word in words:
        if word.lemma in _STOPS:
            break
        if word.lemma in _FILLING or word.kind not in {"word", "identifier"}:
            continue
        name = guessed_form(word.text.lower())
        names[-1:] = [f"{names[-1]}-{name}"] if word.glued and names else [*names[-1:], name]
    return [name for name in dict.fromkeys(names) if name not in {"role", "permission", "access", "user"}]
