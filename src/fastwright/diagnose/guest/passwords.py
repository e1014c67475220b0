"""Hash a password as the app does it: rows with one that nobody can check would refuse every login."""

from __future__ import annotations

import gc
import re
import sys
from typing import Any

_COLUMN = re.compile(r"passw|^pwd|_pwd|pass_?hash|^hash$", re.IGNORECASE)
# What hashes, by the module and the class of which the app keeps an instance.
_HASHERS = (("pwdlib", "PasswordHash"), ("passlib.context", "CryptContext"), ("argon2", "PasswordHasher"))


def is_password(column: Any) -> bool:
    """Tell whether a column holds passwords, hashed or not."""
    return bool(_COLUMN.search(column.name))


def hashed(password: str) -> Any:
    """Return the password as the app keeps it, by what it hashes with; as it is, if nothing is known to do so."""
    try:
        return _hashed(password)
    except Exception:  # noqa: BLE001 - hashers that do not fit what they stand on; the app would fail with them, too
        return password


def _hashed(password: str) -> Any:
    for module, name in _HASHERS:
        kind = getattr(sys.modules.get(module), name, None)
        known = next((one for one in gc.get_objects() if type(one) is kind), None) if kind is not None else None
        if known is not None:
            return known.hash(password)
    bcrypt: Any = sys.modules.get("bcrypt")
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode() if bcrypt is not None else password
