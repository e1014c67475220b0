"""Several resources in words: what each is called, which fields it has, and what belongs to what.

A text is read statement by statement. `Bike: brand, price`, `bikes (brand, price)` and `a bike has a brand and a price`
say the fields of one; `with bikes and racks` names some; `a bike belongs to a rack` relates two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastwright.agent.filling.fields import fields_in_plain, pascal
from fastwright.agent.language.wordsets import word_set

LISTS = re.compile(
    r"\b(?:with|having|has|have|resources?|for|manag\w+|track\w*|handl\w+|models?|contain\w*|entit\w+)\b\s*:?|:",
    re.IGNORECASE,
)
_NOISE = word_set(
    """
    the a an resource resources model models entities entity and with it should have has some its manages tables
    table following these please thanks in to we need as manage for called named of just now start fresh backend create
    brand-new separate project service api app application only new there are is each two three four five things from
    scratch
    """
)
_SOMEBODYS = frozenset({"my", "our", "your", "his", "her", "their", "us", "me", "i", "it", "them"})
_ARTICLE = r"(?:an?|the|one|exactly one|each|every)\s+"
_NOBODY = (
    r"(?!(?:i|we|you|he|she|it|that|this|which|they|each|every|also|and|to|there|who|should|must|can|backend|api|project|service|app|"
    r"resources?|models?)\b)"
)
_NAME = rf"{_NOBODY}([A-Za-z][\w-]*)"
_MANY = r"(?:many|several|multiple|any number of|lots of)"
_OWNS = r"(?:have|has|needs?|stores?|carr(?:y|ies)|holds?|keeps?)\b"
_RELATED = re.compile(
    rf"[,;]?\s*(?:\b(?:and|while|where)\s+)?(?:{_ARTICLE})?\b([A-Za-z][\w-]*)\s+(?:should\s+|must\s+|also\s+|can\s+)*"
    rf"(belongs?\s+to|(?:has|have)\s+{_MANY})\s+(?:{_ARTICLE})?([A-Za-z][\w-]*)(\s*,?\s*and\s+(?:also\s+)?(?={_OWNS}))?",
    re.IGNORECASE,
)
_OF_IT = frozenset({"it", "each", "and", "which", "that", "they", "every", "also"})
_COLON = re.compile(rf"(?:{_ARTICLE})?{_NAME}(?:\s+(?:resource|model|table|entity))?\s*[:=]\s+(?=\w)", re.IGNORECASE)
_HAS = re.compile(
    rf"(?:,?\s*\band\s+)?(?:\bthere (?:are|is)\s+)?(?:\b(?:an?|the|each|every)\s+)?\b{_NAME},?\s+"
    rf"(?:(?:should |must |also |only |just )*{_OWNS}|"
    r"(?:each )?with (?=an?\s|the\s|(?:just |only )?(?:fields?|name|title)\b|\w+_\w+|"
    r"\w+\s+(?:str|string|int|integer|text|decimal|date)\b))",
    re.IGNORECASE,
)
_GOES_ON = re.compile(rf"(?:it|they|each|every one)\s+(?:also\s+|should\s+|must\s+)*{_OWNS}", re.IGNORECASE)
_LINK = re.compile(
    r"^(?:\s|[-*•:,`'\"”]|\d[.)]|\b(?:and|then|also|plus|finally)\b|\bthere (?:are|is)\b)+", re.IGNORECASE
)
_PAREN = re.compile(r"([A-Za-z][\w-]*)\s*\(([^()]*)\)")
_ITEM = re.compile(r"([A-Za-z][\w\s'-]*?)\s*(?:,|\band\b|&|;|[.!?](?:\s|$)|\n|$)")


@dataclass
class _Told:
    """What was said of one resource so far."""

    name: str
    fields: list[str] = field(default_factory=list[str])
    relations: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def written(self) -> dict[str, Any]:
        """Return it as a plan has it."""
        described = fields_in_plain(". ".join(self.fields))
        return {
            "resource": self.name,
            **({"fields": described} if described else {}),
            **({"relations": self.relations} if self.relations else {}),
        }


class _Reader:
    """Reads statements, one after the other; `it` is the resource that was spoken of last."""

    def __init__(self) -> None:
        self.told: dict[str, _Told] = {}
        self.last: _Told | None = None
        self.relations: list[tuple[str, str, str]] = []

    def read(self, statement: str) -> None:
        """Take what a statement says."""
        statement = _LINK.sub("", statement).rstrip()
        if self.last is not None and (goes_on := _GOES_ON.match(statement)):
            self.last.fields.append(self._unrelated(statement[goes_on.end() :], ""))
            return
        colon = _COLON.match(statement)
        if colon is None and _HAS.search(statement) is None:
            statement = _PAREN.sub(self._described, statement)
        if colon is not None:
            self._is_told(colon.group(1), self._unrelated(statement[colon.end() :], pascal([colon.group(1)])))
            return
        heads = list(_HAS.finditer(statement := self._unrelated(statement, "")))
        if heads:
            self._names(statement[: heads[0].start()])
            for head, end in zip(heads, [*(one.start() for one in heads[1:]), len(statement)], strict=True):
                self._is_told(head.group(1), statement[head.end() : end])
        elif not self._is_of_field(statement):
            self._names(statement)

    def _unrelated(self, statement: str, head: str) -> str:
        """Return a statement without the relations that it tells; `head` is who `it` is there."""

        def keep(found: re.Match[str]) -> str:
            subject = found.group(1)
            if subject.lower() in _OF_IT:
                before = [one.group(1) for one in _HAS.finditer(statement, 0, found.start())]
                last = self.last.name if self.last is not None else ""
                subject = pascal(before[-1:]) if before else head or last
            self.relations.append((pascal([subject]), found.group(2), pascal([found.group(3)])))
            return f" {subject} " if found.group(4) else " "

        return _RELATED.sub(keep, statement)

    def _described(self, found: re.Match[str]) -> str:
        self._is_told(found.group(1), found.group(2))
        return found.group(1)

    def _is_told(self, name: str, fields: str) -> None:
        self.last = self.told.setdefault(pascal([name]), _Told(pascal([name])))
        self.last.fields += [fields.strip(" .!,")] if fields.strip(" .!,") else []

    def _is_of_field(self, statement: str) -> bool:
        """Whether a statement is about a field that was told before: `the code is unique`."""
        about = re.match(r"(?:the |its )?(\w+) (?:is|are|must|may|can|should)\b", statement, re.IGNORECASE)
        if about is None or self.last is None or about.group(1).lower() not in ". ".join(self.last.fields).lower():
            return False
        self.last.fields.append(statement)
        return True

    def _names(self, text: str) -> None:
        """Take the names of a list, if something announces one; what was told of already is one of them."""
        start = LISTS.search(text)
        if start is None and self.told and not all(pascal([one]) in self.told for one in re.findall(r"\w+", text)):
            return
        for found in _ITEM.finditer(text[start.end() if start else 0 :]):
            words = [word for word in re.findall(r"[A-Za-z][\w-]*", found.group(1)) if word.lower() not in _NOISE]
            if words and words[0].lower() not in _SOMEBODYS:
                self.told.setdefault(pascal(words[-2:]), _Told(pascal(words[-2:])))


def resources(text: str) -> list[dict[str, Any]]:
    """Return the resources that a text names, with the fields and relations that it tells, as a plan has them."""
    reader = _Reader()
    for statement in _statements(text.replace("[", "(").replace("]", ")")):
        reader.read(statement)
    for subject, how, target in reader.relations:
        if subject in reader.told and target in reader.told:
            kind = "many-to-one" if how.lower().startswith("belong") else "one-to-many"
            reader.told[subject].relations.append({"to": target, "kind": kind})
    return [one.written() for one in reader.told.values()]


def _statements(text: str) -> Iterator[str]:
    """Yield the statements of a text: they end at full stops, semicolons and lines, but not inside parentheses."""
    depth, start = 0, 0
    for found in re.finditer(r"[()]|[.!?](?=\s|$)|;|\n|,?\s+and (?=there (?:are|is)\b)", text):
        mark = found.group()
        if mark in "()":
            depth += 1 if mark == "(" else -1
        elif depth <= 0:
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]
