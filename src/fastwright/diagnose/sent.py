"""A request as data and as a command to paste, without the secrets that it carries."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.body import Form, Raw
from fastwright.diagnose.model import Sent
from fastwright.diagnose.request import Request

_WITHOUT_BODY = frozenset({"GET", "HEAD"})


def sent(request: Request) -> Sent:
    """Return the request as data."""
    wire = request.wire()
    form = request.form
    return Sent(
        method=request.method,
        url=request.url,
        path=wire.path,
        query=_grouped(request.query),
        headers={name: value for name, value in wire.headers if name != "cookie"},
        cookies=dict(request.cookies),
        body=_body(request) if form is None else None,
        form=_fields(form) if form is not None else None,
        files=_files(form) if form is not None and form.is_multipart else None,
        curl=curl(request),
    )


def curl(request: Request) -> str:
    """Return the command that sends the request."""
    words = ["curl"]
    default = "GET" if request.body is None else "POST"
    if request.method != default:
        words += ["-X", request.method]
    words.append(shlex.quote(request.base + request.url))
    form = request.form
    for name, value in request.wire().headers:
        if name == "cookie" or (form is not None and name.lower() == "content-type"):
            continue
        words += ["-H", shlex.quote(f"{_shown(name)}: {value}")]
    if request.body is not None and request.header("content-type") == "":
        words += ["-H", "'Content-Type:'"]
    for name, value in request.cookies:
        words += ["-b", shlex.quote(f"{name}={value}")]
    return " ".join([*words, *(_form_words(form) if form is not None else _body_words(request))])


def _shown(name: str) -> str:
    return "Content-Type" if name.lower() == "content-type" else name


def _body_words(request: Request) -> Iterable[str]:
    if request.body is None:
        return
    yield "--data-binary" if b"\n" in request.content or request.content[:1] == b"@" else "-d"
    yield shlex.quote(request.content.decode("utf-8", "replace"))


def _form_words(form: Form) -> Iterable[str]:
    for part in form.parts:
        if part.filename is not None:
            media = f";type={part.media}" if part.media else ""
            yield "-F"
            yield shlex.quote(f"{part.name}=@{part.filename}{media}")
        else:
            yield "-F" if form.is_multipart else "--data-urlencode"
            yield shlex.quote(f"{part.name}={part.text}")


def _body(request: Request) -> JsonValue:
    parsed = request.json
    if not isinstance(parsed, values.Missing):
        return parsed
    return request.content.decode("utf-8", "replace") if isinstance(request.body, Raw) else None


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for name, value in pairs:
        known = found.get(name)
        found[name] = value if known is None else [*known, value] if isinstance(known, list) else [known, value]
    return found


def _fields(form: Form) -> dict[str, JsonValue]:
    names = [part.name for part in form.parts if part.filename is None]
    texts = {name: [part.text for part in form.of(name) if part.filename is None] for name in names}
    return {name: found[0] if len(found) == 1 else list[JsonValue](found) for name, found in texts.items()}


def _files(form: Form) -> dict[str, JsonValue]:
    """Return the files by the names of their fields: several of one name are a list."""
    found: dict[str, JsonValue] = {}
    for part in form.parts:
        if part.filename is not None:
            one: dict[str, JsonValue] = {"filename": part.filename, "content_type": part.media, "content": part.text}
            known = found.get(part.name)
            found[part.name] = one if known is None else [*known, one] if isinstance(known, list) else [known, one]
    return found
