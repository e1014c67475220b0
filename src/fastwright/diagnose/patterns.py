"""Texts that a regular expression matches: first one that is there already, then one made from its parts."""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from typing import Any

# The parser of the standard library, which has no public name since `sre_parse` was deprecated.
_parser: Any = importlib.import_module("re._parser")
_ALPHABET = "aA0bB1cC2xyz -_.@/+:,#!$%&*()=?'\"~^|<>[]{};\\"
_CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "a"}


def matching(pattern: str, low: int = 0, high: int | None = None, *candidates: str) -> str:
    """Return a text that the pattern matches, within the lengths as far as that can be found."""
    for candidate in (*candidates, *(variant for one in candidates for variant in _variants(one))):
        if is_fitting(candidate, pattern, low, high):
            return candidate
    for repeat in range(max(low, 1) + 2):
        made = _made(pattern, repeat)
        if is_fitting(made, pattern, low, high):
            return made
    return _made(pattern, 1)


def is_fitting(text: str, pattern: str, low: int, high: int | None) -> bool:
    """Tell whether a text matches, and is neither too short nor too long."""
    try:
        matches = re.search(pattern, text) is not None
    except re.error:
        matches = False
    return matches and len(text) >= low and (high is None or len(text) <= high)


def _variants(text: str) -> Sequence[str]:
    bare = re.sub(r"[\s_-]+", "", text)
    return (
        text.strip(),
        text.lower(),
        text.upper(),
        text.title(),
        bare,
        bare.upper(),
        re.sub(r"[\s_]+", "-", text.strip().lower()),
        re.sub(r"[\s-]+", "_", text.strip().lower()),
        re.sub(r"\D", "", text),
        re.sub(r"[^0-9A-Za-z]", "", text),
        f"+{re.sub(r'[^0-9]', '', text)}",
    )


def _made(pattern: str, repeat: int) -> str:
    try:
        parsed = _parser.parse(pattern)
    except re.error:
        return "sample"
    groups: dict[int, str] = {}
    return _text(parsed, repeat, groups)


def _text(parts: Any, repeat: int, groups: dict[int, str]) -> str:
    return "".join(_part(str(code), argument, repeat, groups) for code, argument in parts)


def _part(code: str, argument: Any, repeat: int, groups: dict[int, str]) -> str:  # noqa: PLR0911 - one a code
    match code:
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return next(one for one in _ALPHABET if ord(one) != argument)
        case "ANY":
            return "a"
        case "IN":
            return _one_of(argument)
        case "BRANCH":
            return _text(argument[1][0], repeat, groups)
        case "SUBPATTERN":
            made = _text(argument[-1], repeat, groups)
            groups[argument[0]] = made
            return made
        case "GROUPREF":
            return groups.get(argument, "")
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = argument
            count = min(max(int(least), repeat), int(most))
            return "".join(_text(inner, repeat, groups) for _time in range(count))
        case "ATOMIC_GROUP":
            return _text(argument, repeat, groups)
        case _:
            return ""  # anchors, and what is looked for ahead or behind


def _one_of(choices: Any) -> str:
    kind, value = str(choices[0][0]), choices[0][1]
    if kind == "NEGATE":
        inner = "[^" + "".join(_shown(choice) for choice in choices[1:]) + "]"
        return next((one for one in _ALPHABET if re.match(inner, one)), "~")
    if kind == "LITERAL":
        return chr(value)
    if kind == "RANGE":
        return chr(value[0])
    return _CATEGORIES.get(str(value), "~")


def _shown(choice: Any) -> str:
    kind, value = str(choice[0]), choice[1]
    if kind == "LITERAL":
        return re.escape(chr(value))
    if kind == "RANGE":
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w"}.get(str(value), "")
