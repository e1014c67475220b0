"""Runs Hurl files against a server: `python hurl.py URL FILE…`; the part of the format that Conduit's suite uses.

A file is a list of requests, each with what is expected of its answer. What this does not know is an error and is never
skipped, so that no expectation goes unchecked.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

MISSING: Final = object()
_REQUEST = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (\S+)")
_HEADER = re.compile(r"([A-Za-z-]+): (.*)")
_STATUS = re.compile(r"HTTP (\d{3})")
_CAPTURE = re.compile(r'(\w+): jsonpath "(.+?)"')
_ASSERT = re.compile(r'jsonpath "(.+?)"(?: (not))? (\S+)(?: (.+))?')
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class HurlError(Exception):
    """An answer is not as expected, or a file has something that is not known here."""


@dataclass
class Exchange:
    """One request, and what is expected of its answer; every line as it is written, with its variables."""

    line: int
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: str = ""
    status: int = 0
    captures: list[str] = field(default_factory=list[str])
    asserts: list[str] = field(default_factory=list[str])


def read(text: str) -> Iterator[Exchange]:
    """Yield the exchanges of a file."""
    current: Exchange | None = None
    section = "headers"
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if request := _REQUEST.fullmatch(line):
            if current:
                yield current
            current, section = Exchange(number, request[1], request[2]), "headers"
        elif current is None:
            raise HurlError(f"line {number}: {line}")
        else:
            section = _add(current, section, line, number)
    if current:
        yield current


def _add(current: Exchange, section: str, line: str, number: int) -> str:
    """Add a line to the exchange and return the section that the next one belongs to."""
    if status := _STATUS.fullmatch(line):
        current.status = int(status[1])
        return "status"
    if line in {"[Captures]", "[Asserts]"} and current.status:
        return line
    if section == "headers" and (header := _HEADER.fullmatch(line)):
        current.headers[header[1]] = header[2]
    elif section in {"headers", "body"} and (section == "body" or line == "{"):
        current.body += line + "\n"
        return "body"
    elif section == "[Captures]":
        current.captures.append(line)
    elif section == "[Asserts]":
        current.asserts.append(line)
    else:
        raise HurlError(f"line {number}: {line}")
    return section


def run(client: httpx2.Client, text: str, variables: dict[str, str]) -> tuple[int, int]:
    """Send the requests of a file in order and return how many these were, and how many asserts held."""
    requests = asserts = 0
    for exchange in read(text):
        body = _filled(exchange.body, variables)
        headers = {name: _filled(value, variables) for name, value in exchange.headers.items()}
        headers |= {"Content-Type": "application/json"} if body else {}
        answer = client.request(exchange.method, _filled(exchange.url, variables), headers=headers, content=body)
        where = f"line {exchange.line}: {exchange.method} {exchange.url}"
        if answer.status_code != exchange.status:
            raise HurlError(f"{where}: {answer.status_code}, not {exchange.status}: {answer.text}")
        data = answer.json() if exchange.captures or exchange.asserts else None
        for line in exchange.captures:
            name, path = _match(_CAPTURE, line)
            variables[name] = str(_found(data, path))
        for line in exchange.asserts:
            if not _holds(data, line, variables):
                raise HurlError(f"{where}: {line}: {answer.text}")
        requests, asserts = requests + 1, asserts + len(exchange.asserts)
    return requests, asserts


def _match(pattern: re.Pattern[str], line: str) -> tuple[Any, ...]:
    matched = pattern.fullmatch(line)
    if matched is None:
        raise HurlError(f"not understood: {line}")
    return matched.groups()


def _filled(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: variables[found[1]], text)


def _found(data: Any, path: str) -> Any:
    """Return what is at a path such as `$.articles[0].slug`, or `MISSING`."""
    if "$" + "".join(found[0] for found in _STEP.finditer(path)) != path:
        raise HurlError(f"not understood: {path}")
    for key, index in _STEP.findall(path):
        try:
            data = data[key] if key else data[int(index)]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return data


def _holds(data: Any, line: str, variables: Mapping[str, str]) -> bool:
    path, negated, predicate, argument = _match(_ASSERT, line)
    found = _found(data, path)
    if predicate in _TESTS and argument is None:
        return _TESTS[predicate](found) != bool(negated)
    if predicate == "count" and argument:
        predicate, argument = argument.split(" ", 1)
        found = len(found)
    if predicate not in _COMPARISONS or argument is None or found is MISSING:
        raise HurlError(f"not understood, or nothing there: {line}")
    return _COMPARISONS[predicate](found, _value(_filled(argument, variables))) != bool(negated)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # a variable without quotes


_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "exists": lambda found: found is not MISSING,
    "isEmpty": lambda found: len(found) == 0,
    "isString": lambda found: isinstance(found, str),
    "isInteger": lambda found: isinstance(found, int) and not isinstance(found, bool),
    "isBoolean": lambda found: isinstance(found, bool),
    "isList": lambda found: isinstance(found, list),
}
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": lambda found, wanted: found == wanted and isinstance(found, bool) == isinstance(wanted, bool),
    "!=": lambda found, wanted: found != wanted,
    ">=": lambda found, wanted: found >= wanted,
    "contains": lambda found, wanted: wanted in found,
    "matches": lambda found, wanted: re.search(wanted, found) is not None,
}


def main() -> int:
    """Run every file with a fresh `uid`, and tell how many requests and asserts held."""
    host, *files = sys.argv[1:]
    requests = asserts = 0
    with httpx2.Client(timeout=10) as client:
        for name in files:
            variables = {"host": host, "uid": secrets.token_hex(4)}
            try:
                sent, held = run(client, Path(name).read_text(encoding="utf-8"), variables)
            except HurlError as error:
                print(f"{name}, {error}")
                return 1
            requests, asserts = requests + sent, asserts + held
    print(f"{len(files)} files, {requests} requests, {asserts} asserts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
