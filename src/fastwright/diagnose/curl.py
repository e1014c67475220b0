"""A curl command, as people paste it from a shell, a browser or the documentation of an app."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote_plus, unquote, urlsplit

from fastwright.diagnose.body import Body, Form, Part, Raw
from fastwright.diagnose.request import Request
from fastwright.errors import InputError

_JSON = "application/json"
_URLENCODED = "application/x-www-form-urlencoded"
# Options with a value that say nothing about the request.
_SKIPPED = frozenset(
    [
        "-o",
        "--output",
        "-m",
        "--max-time",
        "--connect-timeout",
        "--retry",
        "-w",
        "--write-out",
        "-x",
        "--proxy",
        "--cacert",
        "--cert",
        "--key",
        "-c",
        "--cookie-jar",
        "--resolve",
        "--interface",
        "-r",
        "--range",
        "--retry-delay",
        "--limit-rate",
        "-K",
        "--config",
        "-D",
        "--dump-header",
    ]
)


@dataclass
class _Command:
    method: str = ""
    url: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    cookies: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    data: list[bytes] = field(default_factory=list[bytes])
    parts: list[Part] = field(default_factory=list[Part])
    get: bool = False
    head: bool = False
    json: bool = False


def parse_curl(text: str) -> Request:
    """Return the request of a curl command. Raises `InputError` if it is none."""
    command = _Command()
    for option, value in _options(_words(text)):
        if option in _ACTIONS:
            _ACTIONS[option](command, value)
    if not command.url:
        raise InputError("there is no URL in the curl command", hint="paste the whole command: --curl 'curl http://…'")
    return _request(command)


def _words(text: str) -> list[str]:
    joined = re.sub(r"[\\^`]\r?\n", " ", text.strip())
    joined = re.sub(r"\$'((?:[^'\\]|\\.)*)'", lambda match: shlex.quote(_unescaped(match[1])), joined)
    try:
        words = shlex.split(joined)
    except ValueError as error:
        raise InputError(f"the curl command cannot be read: {error}", hint="check its quotes") from error
    if not words or words[0] not in ("curl", "curl.exe"):
        raise InputError("that is no curl command", hint="it has to begin with curl")
    return words[1:]


def _unescaped(text: str) -> str:
    """Return what is between the quotes of `$'…'`, which browsers write."""
    simple = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\", "!": "!"}
    pattern = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
    return pattern.sub(lambda m: chr(int(m[1][1:], 16)) if len(m[1]) > 1 else simple.get(m[1], m[1]), text)


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield every option with its value; one without a value has an empty one."""
    left = iter(words)
    for word in left:
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            wants = name in _ACTIONS_WITH_VALUE or name in _SKIPPED
            yield name, value if equals else next(left, "") if wants else ""
        elif word.startswith("-") and len(word) > 1:
            yield from _short(word, left)
        else:
            yield "url", word


def _short(word: str, left: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield the options in `-sXPOST` or `-d`."""
    for number, letter in enumerate(word[1:], 1):
        option = f"-{letter}"
        if option in _ACTIONS_WITH_VALUE or option in _SKIPPED:
            yield option, word[number + 1 :] or next(left, "")
            return
        yield option, ""


def _header(command: _Command, value: str) -> None:
    name, colon, text = value.partition(":")
    if not colon and value.endswith(";"):
        name, text = value[:-1], ""
    if name.strip().lower() == "cookie":
        _cookie(command, text)
    else:
        command.headers.append((name.strip(), text.strip()))


def _cookie(command: _Command, value: str) -> None:
    pairs = [one.strip().partition("=") for one in value.split(";") if "=" in one]
    command.cookies += [(name, text) for name, _equals, text in pairs]


def _data(command: _Command, value: str) -> None:
    command.data.append(_file(value[1:]).replace(b"\n", b"") if value.startswith("@") else value.encode())


def _raw(command: _Command, value: str) -> None:
    command.data.append(value.encode())


def _binary(command: _Command, value: str) -> None:
    command.data.append(_file(value[1:]) if value.startswith("@") else value.encode())


def _urlencoded(command: _Command, value: str) -> None:
    name, equals, text = value.partition("=")
    encoded = f"{name}={quote_plus(text)}" if equals and name else quote_plus(value.lstrip("="))
    command.data.append(encoded.encode())


def _json(command: _Command, value: str) -> None:
    command.json = True
    _binary(command, value)


def _part(command: _Command, value: str) -> None:
    name, _equals, text = value.partition("=")
    path, _semicolon, options = text.partition(";")
    pairs = [one.strip().partition("=") for one in options.split(";") if one.strip()]
    known = {key: option for key, _equals, option in pairs}
    if text[:1] == "@":
        file = Path(path[1:])
        content = file.read_bytes() if file.is_file() else b"sample\n"
        command.parts.append(Part(name, content, known.get("filename", file.name), known.get("type")))
    elif text[:1] == "<":
        command.parts.append(Part(name, _file(path[1:]), None, known.get("type")))
    else:
        is_typed = "type" in known
        command.parts.append(Part(name, (path if is_typed else text).encode(), None, known.get("type")))


def _plain_part(command: _Command, value: str) -> None:
    name, _equals, text = value.partition("=")
    command.parts.append(Part(name, text.encode()))


def _user(command: _Command, value: str) -> None:

    encoded = base64.b64encode(value.encode()).decode("ascii")
    command.headers.append(("Authorization", f"Basic {encoded}"))


def _method(command: _Command, value: str) -> None:
    command.method = value.upper()


def _url(command: _Command, value: str) -> None:
    command.url = command.url or value


def _get(command: _Command, _value: str) -> None:
    command.get = True


def _head(command: _Command, _value: str) -> None:
    command.head = True


def _agent(command: _Command, value: str) -> None:
    command.headers.append(("User-Agent", value))


def _referer(command: _Command, value: str) -> None:
    command.headers.append(("Referer", value))


def _bearer(command: _Command, value: str) -> None:
    command.headers.append(("Authorization", f"Bearer {value}"))


_Action = Callable[[_Command, str], None]
_ACTIONS_WITH_VALUE: Mapping[str, _Action] = {
    "-X": _method,
    "--request": _method,
    "-H": _header,
    "--header": _header,
    "-d": _data,
    "--data": _data,
    "--data-ascii": _data,
    "--data-raw": _raw,
    "--data-binary": _binary,
    "--data-urlencode": _urlencoded,
    "--json": _json,
    "-F": _part,
    "--form": _part,
    "--form-string": _plain_part,
    "-b": _cookie,
    "--cookie": _cookie,
    "-u": _user,
    "--user": _user,
    "-A": _agent,
    "--user-agent": _agent,
    "-e": _referer,
    "--referer": _referer,
    "--oauth2-bearer": _bearer,
    "--url": _url,
}
_ACTIONS: Mapping[str, _Action] = {
    **_ACTIONS_WITH_VALUE,
    "url": _url,
    "-G": _get,
    "--get": _get,
    "-I": _head,
    "--head": _head,
}


def _request(command: _Command) -> Request:
    address = command.url if "://" in command.url else f"http://{command.url}"
    url = urlsplit(address)
    query = parse_qsl(url.query, keep_blank_values=True)
    body: Body | None = None
    if command.get:
        query += parse_qsl(b"&".join(command.data).decode(), keep_blank_values=True)
    elif command.parts:
        body = Form(tuple(command.parts), multipart=True)
    elif command.data:
        body = Raw(b"&".join(command.data))
    headers = _with_media(command, body)
    method = command.method or ("HEAD" if command.head else "GET" if body is None else "POST")
    base = f"{url.scheme}://{url.netloc}"
    return Request(method, unquote(url.path) or "/", tuple(query), headers, tuple(command.cookies), body, base)


def _with_media(command: _Command, body: Body | None) -> tuple[tuple[str, str], ...]:
    """Return the headers with the content type that curl adds by itself; a form has its own, with its boundary."""
    headers = command.headers
    if isinstance(body, Form):
        return tuple(pair for pair in headers if pair[0].lower() != "content-type")
    if body is not None and not any(name.lower() == "content-type" for name, _value in headers):
        headers = [*headers, ("Content-Type", _JSON if command.json else _URLENCODED)]
    return tuple(headers)


def _file(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="the curl command names this file") from error
