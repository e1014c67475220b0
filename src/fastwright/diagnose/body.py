"""The body of a request: as it was typed, or as JSON, form fields or parts, and how each goes over the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from pydantic import JsonValue

_BOUNDARY = "fastwright-boundary"


@dataclass(frozen=True)
class Raw:
    """Bytes as a person gave them; their content type is among the headers, or missing."""

    content: bytes

    def encode(self) -> tuple[str, bytes]:
        return "", self.content


@dataclass(frozen=True)
class Json:
    """A value that is sent as JSON."""

    value: JsonValue

    def encode(self) -> tuple[str, bytes]:
        return "application/json", json.dumps(self.value, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Part:
    """A field of a form; a file has a name."""

    name: str
    content: bytes
    filename: str | None = None
    media: str | None = None

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class Form:
    """Fields of a form: URL-encoded, or as multipart where there are files or the person wants it so."""

    parts: tuple[Part, ...]
    multipart: bool = False

    def encode(self) -> tuple[str, bytes]:
        if not self.is_multipart:
            fields = [(part.name, part.content) for part in self.parts]
            return "application/x-www-form-urlencoded", urlencode(fields).encode()
        lines = [_encoded(part) for part in self.parts]
        return f"multipart/form-data; boundary={_BOUNDARY}", b"".join(lines) + f"--{_BOUNDARY}--\r\n".encode()

    @property
    def is_multipart(self) -> bool:
        return self.multipart or any(part.filename is not None for part in self.parts)

    def of(self, name: str) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.name == name)


Body = Raw | Json | Form


def parse_form(content: bytes) -> Form:
    """Return the fields of a URL-encoded body."""
    fields = parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True)
    return Form(tuple(Part(name, value.encode()) for name, value in fields))


def parse_json(content: bytes) -> JsonValue:
    """Return the value of a JSON text. Raises `ValueError` if it is none."""
    value: JsonValue = json.loads(content)
    return value


def _encoded(part: Part) -> bytes:
    name = f'Content-Disposition: form-data; name="{part.name}"'
    if part.filename is not None:
        name += f'; filename="{part.filename}"\r\nContent-Type: {part.media or "application/octet-stream"}'
    return f"--{_BOUNDARY}\r\n{name}\r\n\r\n".encode() + part.content + b"\r\n"
