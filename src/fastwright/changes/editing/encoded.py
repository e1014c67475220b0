"""Source as bytes and as text, without losing a byte on the way there and back."""

from __future__ import annotations

import io
import tokenize
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from fastwright.changes.outcome import Unfit


@dataclass(frozen=True)
class Encoded:
    """The text of a file, and how it is encoded. Line ends are kept as they are; a byte order mark is no text."""

    text: str
    encoding: str

    @classmethod
    def read(cls, path: str, raw: bytes) -> Encoded:
        """Decode as Python does, by mark and cookie, and UTF-16 where it is no Python: some shells write lists in it.

        Raises `Unfit` for what cannot be read.
        """
        try:
            is_wide = raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and not path.endswith(".py")
            encoding = "utf-16" if is_wide else tokenize.detect_encoding(io.BytesIO(raw).readline)[0]
            text = raw.decode(encoding)
            if text.encode(encoding) != raw:
                raise Unfit(path, 0, f"is in {encoding}, and would not be the same after it was written again")
        except (SyntaxError, UnicodeError, LookupError) as error:
            raise Unfit(path, 0, f"cannot be decoded: {error}") from error
        return cls(text, encoding)

    def bytes(self, path: str, text: str) -> bytes:
        """Encode a new text in the same way. Raises `Unfit` where the encoding has no such character."""
        try:
            return text.encode(self.encoding)
        except UnicodeError as error:
            raise Unfit(path, 0, f"is in {self.encoding}, which has not all of what is to be written") from error


def column_in_text(text: str, line: int, column: int) -> int:
    """Return the column that libcst counts, in characters, for one that `ast` counts, in bytes of UTF-8."""
    lines = text.splitlines()
    if not 0 < line <= len(lines):
        return column
    return len(lines[line - 1].encode()[:column].decode(errors="ignore"))
