"""A request as a value: what a person sent, changed in one place at a time until the app accepts it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import quote, unquote, urlencode

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Loc, Part, Route
from fastwright.diagnose.body import Body, Form, Json, Raw, parse_form, parse_json
from fastwright.diagnose.body import Part as FormPart

# What can be said of a file in a form, below its name.
FILE_KEYS = ("content_type", "filename")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Wire:
    """What goes over the wire."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Request:
    """A request. A header with an empty value is not sent: so a person says that there is no content type."""

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    cookies: Pairs = ()
    body: Body | None = None
    base: str = "http://localhost:8000"

    def wire(self) -> Wire:
        """Return the request as it is sent."""
        media, content = self.body.encode() if self.body is not None else ("", b"")
        headers = [(name, value) for name, value in self.headers if value]
        if media and self.header("content-type") is None:
            headers.append(("content-type", media))
        if self.cookies:
            headers.append(("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies)))
        return Wire(self.method, quote(self.path, safe="/:@!$&'()*+,;=~%"), urlencode(self.query), headers, content)

    @property
    def url(self) -> str:
        """Return the path with the query."""
        wire = self.wire()
        return f"{wire.path}?{wire.query}" if wire.query else wire.path

    def header(self, name: str) -> str | None:
        """Return the value of a header; it is empty where a person wants none to be sent."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)

    @property
    def media(self) -> str:
        """Return the media type of the body, in lower case and without parameters."""
        given = {name.lower(): value for name, value in self.wire().headers}.get("content-type", "")
        return given.partition(";")[0].strip().lower()

    @property
    def content(self) -> bytes:
        return self.body.encode()[1] if self.body is not None else b""

    @property
    def json(self) -> JsonValue | values.Missing:
        """Return the body as JSON, if it is that, whatever its content type."""
        if isinstance(self.body, Json):
            return self.body.value
        if isinstance(self.body, Raw):
            try:
                return parse_json(self.body.content)
            except ValueError:
                return values.MISSING
        return values.MISSING

    @property
    def form(self) -> Form | None:
        """Return the body as a form, if it is one."""
        if isinstance(self.body, Form):
            return self.body
        if isinstance(self.body, Raw) and self.media == "application/x-www-form-urlencoded":
            return parse_form(self.body.content)
        return None

    def renamed(self, method: str, path: str) -> Request:
        """Return the request for another endpoint."""
        return replace(self, method=method, path=path)

    def with_parts(self, query: Pairs, headers: Pairs, cookies: Pairs, body: Body | None) -> Request:
        """Return the request with all of these."""
        return replace(self, query=query, headers=headers, cookies=cookies, body=body)

    def with_header(self, name: str, value: str) -> Request:
        """Return the request with a header in place of those of the same name."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)) if value else kept)

    def with_body(self, body: Body | None) -> Request:
        """Return the request with another body, and the content type that belongs to it."""
        return replace(self.with_header("content-type", ""), body=body)

    def get(self, loc: Loc, route: Route | None = None) -> JsonValue | values.Missing:
        """Return the value at a location, or that there is none."""
        part, rest = cast("Part", loc[0]), loc[1:]
        if part == "body":
            form = self.form
            if form is not None and len(rest) == 2 and rest[1] in FILE_KEYS:
                files = form.of(str(rest[0]))
                return (files[0].media if rest[1] == "content_type" else files[0].filename) if files else values.MISSING
            whole = _form_value(form) if form is not None else self.json
            return values.get(whole, rest)
        if not rest:
            return values.MISSING
        found = [value for name, value in self._pairs(part, route) if _same(part, name, str(rest[0]))]
        if len(rest) > 1 and isinstance(rest[1], int):
            return found[rest[1]] if rest[1] < len(found) else values.MISSING
        if len(found) > 1:
            return list[JsonValue](found)
        return found[0] if found else values.MISSING

    def set(self, loc: Loc, value: JsonValue, route: Route | None = None) -> Request:
        """Return the request with another value at a location."""
        part, rest = cast("Part", loc[0]), loc[1:]
        if part == "body":
            return self._set_body(rest, value)
        if part == "path":
            return replace(self, path=_set_path(self.path, str(rest[0]), values.text(value), route))
        name = str(rest[0])
        if len(rest) > 1:
            whole = self.get(loc[:2], route)
            items: list[JsonValue] = (
                whole if isinstance(whole, list) else [] if isinstance(whole, values.Missing) else [whole]
            )
            changed = values.put(items, rest[1:], value)
            return self.set(loc[:2], changed, route)
        pairs = _put(self._pairs(part, route), part, name, value)
        return self._with_pairs(part, pairs)

    def without(self, loc: Loc) -> Request:
        """Return the request without what is at a location."""
        part, rest = cast("Part", loc[0]), loc[1:]
        if part == "body":
            form = self.form
            if form is not None:
                kept = tuple(one for one in form.parts if one.name != rest[0])
                return replace(self, body=replace(form, parts=kept)) if rest else self.with_body(None)
            whole = self.json
            if not rest or isinstance(whole, values.Missing):
                return self.with_body(None)
            return self.with_json(values.remove(whole, rest))
        kept_pairs = tuple(pair for pair in self._pairs(part, None) if not _same(part, pair[0], str(rest[0])))
        return self._with_pairs(part, kept_pairs)

    def with_json(self, value: JsonValue) -> Request:
        """Return the request with a JSON body; the content type stays if it is one for JSON."""
        keeps = self.media.endswith(("/json", "+json"))
        return replace(self, body=Json(value)) if keeps else self.with_body(Json(value))

    def _set_body(self, rest: Loc, value: JsonValue) -> Request:
        form = self.form
        if form is None:
            whole = self.json
            known: JsonValue = None if isinstance(whole, values.Missing) else whole
            return self.with_json(values.put(known, rest, value))
        name = str(rest[0]) if rest else ""
        if len(rest) == 2 and rest[1] in FILE_KEYS:
            key = "media" if rest[1] == "content_type" else "filename"
            told: dict[str, Any] = {key: values.text(value)}
            parts = tuple(replace(one, **told) if one.name == name else one for one in form.parts)
            return replace(self, body=replace(form, parts=parts))
        kept = [one for one in form.parts if one.name != name]
        items: list[JsonValue] = value if isinstance(value, list) else [value]
        files = [one for one in form.of(name) if one.filename is not None]
        if files and isinstance(value, list):
            return replace(self, body=replace(form, parts=(*kept, *(files * len(items))[: len(items)])))
        new = [FormPart(name, values.text(item).encode()) for item in items]
        return replace(self, body=replace(form, parts=(*kept, *new)))

    def _pairs(self, part: Part, route: Route | None) -> Pairs:
        if part == "path":
            return tuple(path_parameters(self.path, route).items()) if route else ()
        return {"query": self.query, "header": self.headers, "cookie": self.cookies}[part]

    def _with_pairs(self, part: Part, pairs: Pairs) -> Request:
        changed: dict[str, Any] = {{"query": "query", "header": "headers", "cookie": "cookies"}[part]: pairs}
        return replace(self, **changed)


def path_parameters(path: str, route: Route) -> dict[str, str]:
    """Return the parameters that a route finds in a path."""
    match = re.match(route.pattern, path)
    return {name: unquote(value) for name, value in match.groupdict().items()} if match else {}


def _set_path(path: str, name: str, value: str, route: Route | None) -> str:
    match = re.match(route.pattern, path) if route else None
    if match is None or name not in match.groupdict():
        return path
    return path[: match.start(name)] + quote(value, safe="/") + path[match.end(name) :]


def _same(part: Part, name: str, other: str) -> bool:
    return name.lower() == other.lower() if part == "header" else name == other


def _put(pairs: Pairs, part: Part, name: str, value: JsonValue) -> Pairs:
    """Return the pairs with a value, or several of a list, in the place of those of this name."""
    items: list[JsonValue] = value if isinstance(value, list) else [value]
    name = next((known for known, _value in pairs if _same(part, known, name)), name)
    new = [(name, values.text(item)) for item in items]
    places = [n for n, pair in enumerate(pairs) if _same(part, pair[0], name)]
    kept = [pair for pair in pairs if not _same(part, pair[0], name)]
    at = places[0] if places else len(kept)
    return (*kept[:at], *new, *kept[at:])


def _form_value(form: Form) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for part in form.parts:
        texts: list[JsonValue] = [one.text if one.filename is None else one.filename for one in form.of(part.name)]
        found[part.name] = texts if len(texts) > 1 else texts[0]
    return found
