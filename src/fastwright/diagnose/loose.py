"""JSON as people write it by hand: with single quotes, comments, commas at the end, words of Python, an end missing."""

from __future__ import annotations

import ast
import json
import re
from typing import cast

from pydantic import JsonValue

_LEXEME = re.compile(
    r'"(?:[^"\\\n]|\\.)*"'  # a text
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|//[^\n]*|#[^\n]*|/\*.*?\*/"  # a comment
    r"|[{}\[\]:,]"
    r"|-?\d[\w.+-]*"  # a number
    r"|[A-Za-z_$][\w$-]*"  # a word
    r'|[“”"\']',
    re.DOTALL,
)
_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null", "NaN": "null", "Infinity": "null"}
_CLOSING = {"{": "}", "[": "]"}


def repaired(text: str) -> JsonValue:
    """Return the value that was meant, or nothing if that cannot be told."""
    text = re.sub(r"[“”„]", '"', text.strip().lstrip("\ufeff"))
    try:
        return cast("JsonValue", json.loads(_rewritten(text)))
    except ValueError:
        pass
    try:
        found = ast.literal_eval(text)
        return cast("JsonValue", json.loads(json.dumps(found)))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _rewritten(text: str) -> str:
    """Return the text as JSON, part by part; commas are put where one is missing, and left out where there is none."""
    out: list[str] = []
    open_: list[str] = []
    for part in _LEXEME.findall(text):
        if part[:2] in ("//", "/*") or part[0] == "#":
            continue
        if part in "}]":
            _drop_comma(out)
            if open_ and open_[-1] == part:
                open_.pop()
        elif _starts_value(part) and out and _ends_value(out[-1]):
            out.append(",")
        if part in _CLOSING:
            open_.append(_CLOSING[part])
        out.append(_as_json(part))
    _drop_comma(out)
    return "".join([*out, *reversed(open_)])


def _drop_comma(out: list[str]) -> None:
    while out and out[-1] == ",":
        out.pop()


def _starts_value(part: str) -> bool:
    return part not in ("}", "]", ":", ",")


def _ends_value(part: str) -> bool:
    return part not in ("{", "[", ":", ",")


def _as_json(part: str) -> str:
    if part[0] == "'":
        return json.dumps(part[1:-1].replace("\\'", "'"))
    if part[0].isdigit() or part[0] == "-":
        return _number(part)
    if part[0].isalpha() or part[0] in "_$":
        word = _WORDS.get(part, part)
        return word if word in ("true", "false", "null") else json.dumps(word)
    return part


def _number(part: str) -> str:
    try:
        json.loads(part)
    except ValueError:
        stripped = part.replace("_", "").lstrip("+").lstrip("0") or "0"
        return stripped if re.fullmatch(r"-?\d+(\.\d+)?", stripped) else json.dumps(part)
    return part
