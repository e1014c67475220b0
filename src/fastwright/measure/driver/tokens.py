"""The caller's token, for apps that read it in the body of an endpoint and not in a dependency.

The token that our overrides give out is no real one: the libraries that apps decode tokens with say of it what apps
usually put into theirs, about the first row of users. What `sub` stands for is tried out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastwright.project.probe.hooks import after_import

TOKEN = "fastwright"  # noqa: S105 - it opens nothing but our scratch database
_LIBRARIES = ("jwt", "jose.jwt", "authlib.jose.jwt")
_NAMES = ("email", "username", "login", "name")
_KINDS: dict[str, Any] = {
    "type": "access",
    "token_type": "access",
    "scopes": [],
    "iat": 0,
    "exp": 4_102_444_800,
    "jti": TOKEN,
}


class Tokens:
    """Says what is in our token. `was_read` tells whether somebody has asked since that was last set."""

    def __init__(self) -> None:
        self.was_read = False
        self._claims: dict[str, Any] = {}
        self._subjects: list[Any] = [""]
        self._chosen = 0

    @property
    def others(self) -> int:
        """How many more things `sub` could stand for."""
        return len(self._subjects) - 1

    def listen(self) -> None:
        for name in _LIBRARIES:
            after_import(name, self._teach)

    def know(self, row: Mapping[str, Any], key: Any) -> None:
        """Let the caller be a row of users, with its key."""
        self._claims = {**_KINDS, **row, "id": key, "user_id": key, "uid": key}
        self._subjects = [str(key), *(row[name] for name in _NAMES if isinstance(row.get(name), str)), key]

    def turn(self) -> None:
        """Let `sub` stand for something else, the next time and from then on."""
        self._chosen = (self._chosen + 1) % len(self._subjects)

    def _teach(self, library: Any) -> None:
        library.decode = self._decoding(library.decode)

    def _decoding(self, decode: Callable[..., Any]) -> Callable[..., Any]:
        def decoded(token: Any, *arguments: Any, **options: Any) -> Any:
            if token not in (TOKEN, TOKEN.encode()):
                return decode(token, *arguments, **options)
            self.was_read = True
            return {**self._claims, "sub": self._subjects[self._chosen % len(self._subjects)]}

        return decoded
