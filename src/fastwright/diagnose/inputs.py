"""From what a person types to a request: an endpoint and options, or a curl command pasted whole."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from fastwright.design.model import Frozen
from fastwright.diagnose.body import Body, Form, Part, Raw
from fastwright.diagnose.curl import parse_curl
from fastwright.diagnose.request import Pairs, Request
from fastwright.errors import InputError

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_ENDPOINT = "an endpoint is a method and a path, such as 'POST /api/products'"


class Typed(Frozen):
    """What was typed. `body` is a text, `@file`, or JSON as data; `form` and `files` are `name=value` pairs."""

    endpoint: str = ""
    body: object = None
    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    curl: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether an endpoint is all that was named."""
        parts = self.headers or self.query or self.form or self.files or self.curl
        return self.body is None and not parts and "?" not in self.endpoint


def read_answer(option: str) -> str:
    """Return an answer that was pasted, or is in a file. Raises `InputError` if the file cannot be read."""
    if not option or option.lstrip().startswith(("{", "[", "HTTP/")):
        return option
    return _content(Path(option)).decode("utf-8", "replace")


def read_request(typed: Typed) -> Request:
    """Return the request. Raises `InputError` if it cannot be understood."""
    request = parse_curl(typed.curl) if typed.curl else _endpoint(typed.endpoint)
    if typed.curl and typed.endpoint:
        named = _endpoint(typed.endpoint)
        request = request.renamed(named.method, named.path)
    query = (*request.query, *(_pair(text, "--query") for text in typed.query))
    headers, cookies = _headers(typed.headers)
    body = _body(typed)
    headers = (*request.headers, *headers)
    if isinstance(body, Raw) and not any(name.lower() == "content-type" for name, _value in headers):
        headers = (*headers, ("content-type", _media(body.content)))
    return request.with_parts(query, headers, (*request.cookies, *cookies), body or request.body)


def _media(content: bytes) -> str:
    """Return what a body is that does not say so: JSON, unless it can only be a form."""
    is_form = re.fullmatch(rb"[\w.\[\]-]+=[^&\s{}]*(&[\w.\[\]-]+=[^&\s{}]*)*", content.strip())
    return "application/x-www-form-urlencoded" if is_form else "application/json"


def _endpoint(text: str) -> Request:
    words = text.split(None, 1)
    if not words:
        raise InputError("which endpoint?", hint=_ENDPOINT)
    method, address = (words[0].upper(), words[1]) if len(words) == 2 else ("", words[0])
    if not method:
        method = "GET"
    if method not in METHODS or not re.match(r"/|https?://", address):
        raise InputError(f"{text!r} is no endpoint", hint=_ENDPOINT)
    return _addressed(method, address)


def _addressed(method: str, address: str) -> Request:
    url = urlsplit(address.strip())
    query = tuple(parse_qsl(url.query, keep_blank_values=True))
    base = f"{url.scheme}://{url.netloc}" if url.netloc else "http://localhost:8000"
    return Request(method, unquote(url.path) or "/", query, base=base)


def _headers(texts: Sequence[str]) -> tuple[Pairs, Pairs]:
    """Return the headers, and the cookies that are among them."""
    headers: list[tuple[str, str]] = []
    cookies: list[tuple[str, str]] = []
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon and text.endswith(";"):
            name, colon, value = text[:-1], ":", ""
        if not colon or not name.strip():
            raise InputError(f"{text!r} is no header", hint="--header 'Name: value'")
        if name.strip().lower() == "cookie":
            pairs = [one.strip().partition("=") for one in value.split(";") if one.strip()]
            cookies += [(known, one) for known, _equals, one in pairs]
        else:
            headers.append((name.strip(), value.strip()))
    return tuple(headers), tuple(cookies)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals and option != "--query":
        raise InputError(f"{option} {text!r} has no value", hint=f"{option} name=value")
    return name, value


def _body(typed: Typed) -> Body | None:
    if typed.form or typed.files:
        fields = [_pair(text, "--form") for text in typed.form]
        parts = [Part(name, value.encode()) for name, value in fields]
        return Form((*parts, *(read_file(*_pair(text, "--file")) for text in typed.files)))
    if typed.body is None:
        return None
    if isinstance(typed.body, bytes):
        return Raw(typed.body)
    if not isinstance(typed.body, str):
        return Raw(json.dumps(typed.body, ensure_ascii=False).encode())
    if typed.body.startswith("@"):
        return Raw(_content(Path(typed.body[1:])))
    return Raw(typed.body.encode("utf-8", "surrogateescape"))


def read_file(name: str, text: str) -> Part:
    """Return a part for `path`, `path;type=image/png` or `@path`; what is not there is sent with a sample in it."""
    path, _semicolon, options = text.removeprefix("@").partition(";")
    media = next((one.partition("=")[2] for one in options.split(";") if one.strip().startswith("type=")), None)
    file = Path(path)
    content = _content(file) if file.is_file() else b"sample\n"
    return Part(name, content, file.name or "sample.txt", media)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}", hint="name a file that is there") from error
