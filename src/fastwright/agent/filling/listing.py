"""The part of a text that lists the fields of one resource."""

from __future__ import annotations

import re

from fastwright.agent.filling.fields import TYPES

_STARTS = re.compile(
    r"[:(]?\s*\b(?:each|every|it|they)\b(?:\s+\w+){0,2}?\s+(?:also\s+)?(?:has|have|with|needs?|contains?)\b|"
    r"\b(?:with|having|has|have|each with|fields?|columns?|attributes?|contain\w*|consist\w* of|includ\w+|stor\w+|"
    r"holds|carries|gets?|keeps"
    r"|of type)\b\s*:?|[:(]|\beach\b",
    re.IGNORECASE,
)  # fmt: skip
_RELATES = (
    r"(?:belong(?:s|ing)?\b|is part of\b|(?:has|have) (?:many|several|multiple)\b|references\b|"
    r"(?:is |are )?(?:linked|attached|related|tied|assigned) to|"
    r"(?:is |are )?many.to.many(?: relation\w*)?(?: (?:with|to))?)"
)
_INSIDE = r"(?:(?!\b(?:and|with|has|have|which|that)\b)[\w\s-]){0,40}?"
_RELATION = re.compile(
    rf"(?:(?:[,;]\s*)?\b(?:and|which|that|it|they|each|every|a|an|the|one|all)\b{_INSIDE})?\s*"
    rf"(?:\b(?:should|must|can|also|may)\s+)*\b{_RELATES}[^.,;:()|]*?"
    r"(?=$|[.,;:()|]|\bwith\b|\band (?:an?|the|has|have|it|with)\b)|\b\w+ and \w+ are many.to.many\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"\s*(?:an?|the|each|every)\s+\w+\s+(?:has|have|with)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?](?=\s|$)")
_OF_A_FIELD = re.compile(r"\s*(?:the |its )?(\w+) (?:is|are|must|may|can|should)\b", re.IGNORECASE)
_PURPOSE = re.compile(r"[,;]?\s*\b(?:so that|so we|because|since|in order to)\b[^.!?]*", re.IGNORECASE)
_COURTESY = re.compile(r",?\s*\b(?:please|pls|thanks|thank you|kindly)\b", re.IGNORECASE)
_TYPED = re.compile(rf"\b(?:{'|'.join(TYPES)}|unique|optional)\b", re.IGNORECASE)


def field_list(text: str) -> str:
    """Return the parts of the text that list the fields."""
    told = ""
    for number, sentence in enumerate(_SENTENCE.split(_RELATION.sub(" , ", _PURPOSE.sub("", _COURTESY.sub("", text))))):
        start = _STARTS.search(sentence)
        if number and start and _COLUMN.match(sentence):
            start = None  # code: a unique string; value: an integer
            told += ". " * bool(told) + sentence
            continue
        lists = sentence.lstrip()[:1] in _LISTS and bool(start or _TYPED.search(sentence))
        lists |= bool(number and start and start.group() == "(" and sentence[: start.start()].strip())
        start = None if lists else start
        if start and (again := _AGAIN.match(sentence, start.end())):
            start = again
        rest = sentence[start.end() :] if start else sentence
        if start and start.group() == "(":
            rest = rest[: _closing(rest)]
        about = _OF_A_FIELD.match(sentence)
        again = about and about.group(1).lower() in re.findall(r"\w+", told.lower())
        if again or (about and number and not told and _TYPED.search(sentence) and about.group(1).lower() not in _ITS):
            told += ". " * bool(told) + sentence
        elif start and (not told or start.start() < _SHORT):
            told += ". " * bool(told) + rest
        elif not told and (lists or (number and _TYPED.search(sentence))):
            told = sentence
    return told


_COLUMN = re.compile(rf"\s*[a-z]\w*\s*:\s*(?:an?\s+)?(?:{'|'.join(TYPES)}|unique|optional|required)\b")
_ITS = frozenset({"it", "they", "this", "that", "there", "each", "every", "all", "both"})
_LISTS = frozenset(";,|-–—")
_SHORT = 20  # letters before `it has` in a sentence that goes on about the fields


def _closing(text: str) -> int:
    depth = 1
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place
    return len(text)
