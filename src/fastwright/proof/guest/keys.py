"""The keys of rows that a promise asked for, for who fills them in and for who asks about them."""

from __future__ import annotations

import uuid

# SQLite takes digits alone for a number, in columns of types that it does not know. The keys come before random ones.
_FIRST = 0xA << 64


def row_uuid(number: int) -> uuid.UUID:
    """Return the key of a row, by its number."""
    return uuid.UUID(int=_FIRST + number)
