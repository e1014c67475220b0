"""Fields that are files: which kinds of content there are, and how large one may get."""

from __future__ import annotations

import re

from fastwright.design.draft import FieldDraft
from fastwright.design.model import FieldType
from fastwright.design.source import Word, did_you_mean, listed

# Those that their first bytes tell, and that no browser runs.
CONTENT_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "application/zip")
FILE_EXAMPLE = "file(image/png|image/jpeg, ..2MB)?"
MAX_FILE_BYTES = 100_000_000
DEFAULT_FILE_BYTES = 10_000_000
_SIZE = re.compile(r"(?:\.\.)?\s*([1-9]\d{0,8})\s*(KB|MB)")
_UNITS = {"KB": 1_000, "MB": 1_000_000}


def content_types(words: tuple[Word, ...] | None, at: Word) -> tuple[str, ...]:
    """Return the kinds of content that a file may have."""
    if not words:
        raise at.fault("this `file` does not say what it may be", hint=f"list it, as in `{FILE_EXAMPLE}`")
    for number, word in enumerate(words):
        if word.text not in CONTENT_TYPES:
            hint = did_you_mean(word.text, CONTENT_TYPES, otherwise=f"use {listed(CONTENT_TYPES)}")
            message = f"a file cannot be `{word.text}`: only content that its first bytes tell is taken"
            raise word.fault(message, hint=hint)
        if word.text in {earlier.text for earlier in words[:number]}:
            raise word.fault(f"`{word.text}` is there twice", hint="leave one of them out")
    return tuple(word.text for word in words)


def max_bytes(word: Word | None) -> int:
    """Return how large a file may be."""
    if word is None:
        return DEFAULT_FILE_BYTES
    found = _SIZE.fullmatch(word.text.strip())
    if not found:
        raise word.fault(f"`{word.text}` is not a size", hint="write the largest one as `..2MB` or `..500KB`")
    size = int(found[1]) * _UNITS[found[2]]
    if size > MAX_FILE_BYTES:
        raise word.fault(f"a file of {word.text.strip(' .')} is too large", hint="allow at most `..100MB`")
    return size


def size_text(size: int) -> str:
    """Return a size as it is written in a design."""
    whole, rest = divmod(size, _UNITS["MB"])
    return f"{size // _UNITS['KB']}KB" if rest else f"{whole}MB"


def check_optional(required: bool, at: Word) -> None:
    """Refuse a file that is required: it is uploaded once its row is there."""
    if required:
        message = "a file cannot be required: it is uploaded once its row is there"
        raise at.fault(message, hint=f"make it optional, as in `{FILE_EXAMPLE}`")


def check_files(fields: tuple[FieldDraft, ...], *, kept: bool) -> None:
    """Refuse files of a table that is kept."""
    for field in fields:
        if kept and field.field.type is FieldType.FILE:
            message = "a table that is kept takes no files: the column would be new"
            raise field.name.fault(message, hint="leave it out, or let a resource of its own have it")
