"""Where things are in a TOML file, by their offsets: the standard library reads TOML, but does not tell where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_OPEN, _CLOSE = "[{", "]}"


@dataclass(frozen=True)
class Entry:
    """A key with its table; the value is `text[start:end]`, and the line ends at `line_end`."""

    table: str
    key: str
    start: int
    end: int
    line_end: int


@dataclass(frozen=True)
class Array:
    """An array: where it opens and closes, and its items as pairs of offsets; a comma follows the last one or not."""

    start: int
    end: int
    items: tuple[tuple[int, int], ...]
    last_comma: int


def entries(text: str) -> Iterator[Entry]:
    """Yield every key of a file with its value. The text has to be valid TOML."""
    table, at = "", 0
    while at < len(text):
        if text[at] in " \t\r\n":
            at += 1
        elif text[at] == "#":
            at = _line_end(text, at)
        elif text[at] == "[":
            at = _line_end(text, at)
            header = text[text.rfind("\n", 0, at) + 1 : at]
            table = _plain(header.partition("#")[0].strip().strip("[]"))
        else:
            equals = _find(text, at, "=")
            start = equals + 1 + len(text[equals + 1 :]) - len(text[equals + 1 :].lstrip(" \t"))
            stop = _value_end(text, start)
            end = start + len(text[start:stop].rstrip())
            yield Entry(table, _plain(text[at:equals]), start, end, _line_end(text, stop))
            at = _line_end(text, stop)


def array(text: str, start: int, end: int) -> Array:
    """Return the parts of the array that is `text[start:end]`."""
    items: list[tuple[int, int]] = []
    at, begin, last_comma = start + 1, -1, -1
    while at < end:
        character = text[at]
        if character == "#":
            at = _line_end(text, at)
            continue
        if character == "," or at == end - 1:
            if begin >= 0:
                items.append((begin, _last(text, begin, at)))
            begin, last_comma = -1, at if character == "," else last_comma
            at += 1
            continue
        if character in " \t\r\n":
            at += 1
            continue
        begin = at if begin < 0 else begin
        at = _skip(text, at)
    if items and last_comma < items[-1][1]:
        last_comma = -1
    return Array(start, end, tuple(items), last_comma)


def _last(text: str, begin: int, at: int) -> int:
    """Return where an item that begins at a place ends: what is between it and `at` is space and comments."""
    end = begin
    while end < at and text[end] not in " \t\r\n#,":
        end = _skip(text, end)
    return min(end, at)


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _find(text: str, at: int, wanted: str) -> int:
    while text[at] != wanted:
        at = _skip(text, at)
    return at


def _skip(text: str, at: int) -> int:
    """Return the offset behind a string, a bracket with all in it, or one character."""
    character = text[at]
    if character in "\"'":
        return _string_end(text, at)
    if character in _OPEN:
        at += 1
        while text[at] not in _CLOSE:
            at = _line_end(text, at) if text[at] == "#" else _skip(text, at)
    return at + 1


def _string_end(text: str, at: int) -> int:
    quote = text[at]
    mark = quote * 3 if text.startswith(quote * 3, at) else quote
    at += len(mark)
    while not text.startswith(mark, at):
        at += 2 if text[at] == "\\" and quote == '"' else 1
    at += len(mark)
    while len(mark) == 3 and text.startswith(quote, at):
        at += 1
    return at


def _value_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in "\n#":
        at = _skip(text, at)
    return at
