"""Access logs: which requests were refused, by endpoint and cause, the most frequent first."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import JsonValue

from fastwright.diagnose.body import Raw
from fastwright.diagnose.request import Request
from fastwright.errors import InputError

# `"POST /items?x=1 HTTP/1.1" 422`, as uvicorn, gunicorn, nginx and Apache write it.
_COMMON = re.compile(r'"(?P<method>[A-Z]+) (?P<target>\S+)(?: HTTP/[\d.]+)?"\s+(?P<status>\d{3})')
_PLAIN = re.compile(r"\b(?P<method>GET|POST|PUT|PATCH|DELETE) (?P<target>/\S*)\D+?(?P<status>[1-5]\d{2})\b")
_NAMES: Mapping[str, Sequence[str]] = {
    "method": ("method", "request_method", "http_method", "verb", "http.method", "http.request.method"),
    "target": (
        "path",
        "url",
        "uri",
        "request_uri",
        "target",
        "route",
        "request_path",
        "http.target",
        "http.path",
        "url.path",
    ),
    "status": (
        "status",
        "status_code",
        "response_status",
        "code",
        "statusCode",
        "http.status_code",
        "http.response.status_code",
    ),
    "body": ("body", "request_body", "payload", "json", "requestBody"),
    "query": ("query", "query_string", "queryString", "params"),
    "headers": ("headers", "request_headers", "requestHeaders"),
    "answer": ("response", "response_body", "detail", "errors", "responseBody"),
}
_NESTED = ("request", "req", "http", "response", "res", "record", "extra", "event", "data")


@dataclass(frozen=True)
class Entry:
    """A request that was refused, as far as the log tells; `answer` is what it was answered with."""

    request: Request
    status: int
    answer: JsonValue = None
    has_body: bool = False


def read_log(file: Path) -> list[Entry]:
    """Return the refused requests of a log. Raises `InputError` if it cannot be read, or no line of it is a request."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}", hint="name an access log: --log access.jsonl"
        ) from error
    entries = [entry for line in text.splitlines() if (entry := parse_line(line)) is not None]
    if not entries:
        raise InputError(
            f"no line of {file} is a request",
            hint='lines are JSON with method, path and status, or have "POST /items HTTP/1.1" 422',
        )
    return [entry for entry in entries if entry.status >= 400]


def parse_line(line: str) -> Entry | None:
    """Return the request of a line, or nothing if there is none."""
    line = line.strip()
    if line.startswith("{"):
        try:
            found: Any = json.loads(line)
        except ValueError:
            return None
        return _from_json(cast("dict[str, Any]", found)) if isinstance(found, dict) else None
    match = _COMMON.search(line) or _PLAIN.search(line)
    return _entry(match["method"], match["target"], int(match["status"])) if match else None


def _from_json(line: Mapping[str, Any]) -> Entry | None:
    known = dict(_flat(line))
    named = {key: next((known[name] for name in names if name in known), None) for key, names in _NAMES.items()}
    if named["method"] is None and isinstance(known.get("request"), str):
        match = re.match(r"([A-Z]+) (\S+)", known["request"])
        named["method"], named["target"] = match.groups() if match else (None, None)
    status = str(named["status"])
    if not named["method"] or not named["target"] or not status.isdigit():
        message = known.get("message", known.get("msg", known.get("event")))
        return parse_line(message) if isinstance(message, str) and not message.startswith("{") else None
    return _entry(str(named["method"]).upper(), str(named["target"]), int(status), named)


def _flat(line: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values of a line, and of the objects in it that loggers nest: the outer ones last, so that they win."""
    for name in _NESTED:
        inner: Any = line.get(name)
        if isinstance(inner, dict):
            below = dict(_flat(cast("dict[str, Any]", inner)))
            if name in ("response", "res") and "body" in below:
                below["response_body"] = below.pop("body")
            yield from below.items()
    yield from line.items()


def _entry(method: str, target: str, status: int, named: Mapping[str, Any] | None = None) -> Entry:
    named = named or {}
    url = urlsplit(target)
    query = parse_qsl(url.query, keep_blank_values=True)
    more: Any = named.get("query")
    if isinstance(more, str):
        query += parse_qsl(more.lstrip("?"), keep_blank_values=True)
    elif isinstance(more, dict):
        query += [(str(name), str(value)) for name, value in cast("dict[str, Any]", more).items()]
    body: Any = named.get("body")
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    headers: Any = named.get("headers")
    pairs = (
        [(str(name), str(value)) for name, value in cast("dict[str, Any]", headers).items()]
        if isinstance(headers, dict)
        else []
    )
    if text and not any(name.lower() == "content-type" for name, _value in pairs):
        pairs.append(("content-type", "application/json"))
    content = Raw(text.encode()) if text else None
    request = Request(method, unquote(url.path) or "/", tuple(query), tuple(pairs), (), content)
    return Entry(request, status, cast("JsonValue", named.get("answer")), has_body=bool(text))


def distinct(entries: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """Return each different request with how often it is there, the most frequent first."""
    counts = Counter((entry.request, entry.status) for entry in entries)
    first = {(entry.request, entry.status): entry for entry in reversed(entries)}
    return [(first[key], count) for key, count in counts.most_common()]
