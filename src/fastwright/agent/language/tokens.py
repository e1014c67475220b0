"""Cut words into tokens; JSON bodies, URLs and paths stay whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["word", "identifier", "number", "path", "url", "json", "mark"]

_SCAN = re.compile(
    r"""
    (?P<url>https?://[^\s,;)"'`<>]+)
  | (?P<path>(?<![\w/])/[A-Za-z0-9_{}<>:.*/-]+)
  | [?&](?P<query>\w+)=[\w-]*
  | (?P<version>v\d+(?:\.\d+)+)
  | (?P<identifier>[A-Za-z][A-Za-z0-9]*_\w+)
  | (?P<nplus>[nN]\s?\+\s?1\b)
  | (?P<arrow>[-=]+>)
  | (?P<word>[A-Za-z][A-Za-z0-9]*(?:['’][A-Za-z]+|(?<=s)['’](?=\s\w))?)
  | (?P<number>\d+(?:[.,:]\d+)*)
  | (?P<newline>\n\s*(?:[-*•]\s+|\d+[.)]\s+)?)
  | (?P<mark>[^\s])
    """,
    re.VERBOSE,
)
_SLASHED = re.compile(r"(?<![\w/])[A-Za-z][\w-]*(?:/[\w{}.-]+)+")
_HOST = re.compile(r"https?://[^/]+")
_BODY = re.compile(r"[\[{](?=\s*[\[{\"'}\]])")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text, as it was written; `glued` says that a hyphen ties it to the one before."""

    text: str
    kind: Kind
    start: int
    end: int
    glued: bool = False
    value: Any = None


def tokens(text: str, is_path: Callable[[str], bool]) -> Iterator[Token]:
    """Yield the tokens of `text`; `is_path` tells which words with slashes are paths of the project."""
    place = 0
    for start, end, value in [*_bodies(text), (len(text), len(text), None)]:
        yield from _plain(text, place, start, is_path)
        if end > start:
            yield Token(text[start:end], "json", start, end, value=value)
        place = end


def _bodies(text: str) -> Iterator[tuple[int, int, Any]]:
    """Yield where the JSON objects and lists of the text are, and what they say."""
    place = 0
    while found := _BODY.search(text, place):
        start = found.start()
        value, length = _decoded(text[start:])
        if length:
            yield start, start + length, value
        place = start + (length or 1)


def _decoded(text: str) -> tuple[Any, int]:
    for candidate in (text, text.replace("'", '"')):
        try:
            return json.JSONDecoder().raw_decode(candidate)
        except ValueError:
            continue
    return None, 0


def _plain(text: str, start: int, end: int, is_path: Callable[[str], bool]) -> Iterator[Token]:
    slashed = {found.start(): found.group() for found in _SLASHED.finditer(text, start, end)}
    glued = False
    while start < end:
        found = _SCAN.match(text, start, end)
        if found is None:
            start += 1
            continue
        token = _token(found, slashed.get(start, ""), glued=glued, is_path=is_path)
        glued = token.text == "-" and not text[start - 1 : start].isspace()
        if not glued:
            yield token
        start = token.end


def _token(found: re.Match[str], slashed: str, *, glued: bool, is_path: Callable[[str], bool]) -> Token:
    start, kind, text = found.start(), found.lastgroup or "mark", found.group()
    if slashed and is_path("/" + slashed.rstrip(".")):
        kind, text = "path", "/" + slashed.rstrip(".")
        return Token(text, "path", start, start + len(text) - 1)
    match kind:
        case "url" | "path":
            address = _address(text, start, kind)
            path = _HOST.sub("", address.text).partition("?")[0]
            return replace(address, kind="path", text=path) if path and is_path(path) else address
        case "version" | "query":
            return Token(found.group(kind), "identifier", start, found.end(), glued)
        case "nplus":
            return Token("nplus1", "word", start, found.end())
        case "word" | "identifier" | "number":
            return Token(text, kind, start, found.end(), glued)
        case _:
            return Token("\n" if kind == "newline" else text, "mark", start, found.end())


def _address(text: str, start: int, kind: Literal["path", "url"]) -> Token:
    """Return a path or URL without the marks of the sentence behind it; a slash alone is a mark."""
    text = text.rstrip(".:*,>") if kind == "path" else text.rstrip(".:")
    if text.strip("/") == "":
        return Token("/", "mark", start, start + 1)
    return Token(text, kind, start, start + len(text))
