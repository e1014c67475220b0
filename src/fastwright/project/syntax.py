"""Newer syntax, written so that an older parser reads it: nothing moves, so lines and columns stay what they are.

An app may be of a newer Python than the one that we run on. What changes nothing for those who read the tree is
blanked out: the type parameters of PEP 695. The bare `except A, B:` of PEP 758 gets its parentheses, and f-strings the
quotes that they had before PEP 701.
"""

from __future__ import annotations

import re

from fastwright.project.fstrings import in_older_quotes

_BARE_EXCEPT = re.compile(r"^([ \t]*except[ \t]*\*?)[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)([ \t]*:)", re.MULTILINE)
_PARAMETRISED = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def|class|type)[ \t]+\w+[ \t]*(?=\[)", re.MULTILINE)
_ALIAS = re.compile(r"^([ \t]*)type[ \t]+(\w+)([ \t]*=)", re.MULTILINE)


def in_older_words(text: str) -> str:
    """Return the text with what Python 3.12 and later added taken out, as far as that is possible."""
    for match in reversed(list(_PARAMETRISED.finditer(text))):
        end = _closing(text, match.end())
        if end is not None:
            blank = re.sub(r"[^\n]", " ", text[match.end() : end])
            text = text[: match.end()] + blank + text[end:]
    text = _ALIAS.sub(lambda one: f"{one[1]}{one[2]}     {one[3]}", text)
    return in_older_quotes(_BARE_EXCEPT.sub(r"\1(\2)\3", text))


def _closing(text: str, start: int) -> int | None:
    """Return where the bracket is closed that opens at `start`."""
    depth = 0
    for position in range(start, len(text)):
        depth += (text[position] == "[") - (text[position] == "]")
        if depth == 0:
            return position + 1
    return None
