"""The values of an enum, which become members of a Python class and words in URLs."""

from __future__ import annotations

import re

from fastwright.design.naming import enum_member
from fastwright.design.source import Word

ENUM_VALUE = r"[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*"
MAX_VALUE_LENGTH = 40
MAX_VALUES = 100


def check_values(values: tuple[Word, ...]) -> tuple[str, ...]:
    """Return the values, if each is a word and no two have the same name in Python."""
    if len(values) > MAX_VALUES:
        raise values[MAX_VALUES].fault(
            f"{len(values)} values are too many for an enum", hint=f"use at most {MAX_VALUES}, or a resource of its own"
        )
    by_member: dict[str, str] = {}
    for word in values:
        _check_value(word)
        other = by_member.setdefault(enum_member(word.text), word.text)
        if other == word.text and sum(value.text == word.text for value in values) > 1:
            repeated = [value for value in values if value.text == word.text][1]
            raise repeated.fault(f"the value `{word.text}` is there twice", hint="leave one of them out")
        if other != word.text:
            raise word.fault(
                f"the values `{other}` and `{word.text}` would both be named `{enum_member(word.text)}` in Python",
                hint="rename one of them",
            )
    return tuple(word.text for word in values)


def _check_value(word: Word) -> None:
    if not word.text:
        raise word.fault(
            "an enum value is empty", hint="separate the values with one `|`, as in `enum(draft|published)`"
        )
    if len(word.text) > MAX_VALUE_LENGTH:
        raise word.fault(
            f"the value `{word.text}` has {len(word.text)} characters", hint=f"use at most {MAX_VALUE_LENGTH}"
        )
    if not re.fullmatch(ENUM_VALUE, word.text):
        raise word.fault(
            f"`{word.text}` cannot be an enum value",
            hint="start with a letter, and use letters, digits, `-` and `_`, as in `in-progress`",
        )
