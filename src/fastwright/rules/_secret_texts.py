"""Texts that code writes down as secrets: where they stand, and what could be one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._words import words

_HARMLESS = re.compile(
    r"^(?:|none|null|true|false|yes|no|bearer|token|password|secret|api[_-]?key|x-[\w-]+|\*+|<.*>|\$?\{.*\}|/.*|https?://.*)$",
    re.IGNORECASE,
)
# A password that Google makes for one program, as it is shown.
OF_PROGRAM = re.compile(r"^[a-z]{4}(?: [a-z]{4}){3}$")
_DATABASE = re.compile(r"^[a-z0-9+]+://([^/:@\s]+):([^@/\s]+)@([^/:@\s]+)")
_LOCAL = frozenset({"localhost", "127.0.0.1", "db", "postgres", "mysql", "redis", "database", "rabbitmq", "host"})


def written_texts(value: ast.expr | None) -> Iterator[tuple[ast.Constant, str]]:
    """Yield a text, and one that is given to `os.getenv`, `Field`, `SecretStr` or `or` as what holds by default."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str | bytes):
        yield value, value.value if isinstance(value.value, str) else value.value.decode("utf-8", "replace")
    elif isinstance(value, ast.BoolOp):
        yield from written_texts(value.values[-1])
    elif isinstance(value, ast.Call):
        name = last_name(value.func)
        if (name in ("get", "config", "str") or _asks_environment(name)) and len(value.args) > 1:
            yield from written_texts(value.args[1])
        if name in ("SecretStr", "SecretBytes", "Secret", "Field") and value.args:
            yield from written_texts(value.args[0])
        for one in value.keywords:
            if one.arg == "default":
                yield from written_texts(one.value)


def _asks_environment(name: str) -> bool:
    """Tell `os.getenv`, and a helper around it, such as `required_env`."""
    return name == "getenv" or "env" in words(name)


def could_be(text: str) -> bool:
    """Tell a text that could be a secret, and is no word for one."""
    return len(text) >= 4 and " " not in text.strip() and not _HARMLESS.match(text)


def has_password(text: str, *, is_fixed: bool = False) -> bool:
    """Tell a URL with a password in it: of another host, or of this one where nothing else can be set."""
    match = _DATABASE.match(text)
    if not match or re.match(r"[{<$%]", match[2]):
        return False
    return match[3] not in _LOCAL or (is_fixed and match[1] != match[2] and match[1] != "user")
