"""The default of a field: from its word to a value that the field itself would accept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import UUID

from fastwright.design.bounds import fitting, whole
from fastwright.design.model import Field, FieldType
from fastwright.design.source import Word, did_you_mean, listed

Default = bool | int | Decimal | str

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_BOOLS = {"true": True, "false": False}


def parse_default(word: Word, field: Field) -> Default:
    """Return the default that `word` is for `field`."""
    reader = _READERS.get(field.type)
    if reader is None:
        raise word.fault(f"a `{field.type}` takes no default", hint="leave it out, or make the field optional with `?`")
    return reader(word, field)


def _text(word: Word, field: Field) -> str:
    if not word.text.replace("\n", "").isprintable():
        raise word.fault("the default has characters that cannot be printed", hint="use plain text")
    shortest, longest = field.min_length or 0, field.max_length or 0
    if not shortest <= len(word.text) <= longest:
        raise word.fault(
            f"the default has {len(word.text)} characters, which is out of bounds",
            hint=f"use {shortest} to {longest} characters, or change the bounds",
        )
    return word.text


def _int(word: Word, field: Field) -> int:
    value = whole(word)
    _check_within(word, Decimal(value), field)
    return value


def _decimal(word: Word, field: Field) -> Decimal:
    value = fitting(word, field.precision or 0, field.scale or 0)
    _check_within(word, value, field)
    return value


def _check_within(word: Word, value: Decimal, field: Field) -> None:
    too_small = field.minimum is not None and value < field.minimum
    too_great = field.maximum is not None and value > field.maximum
    if too_small or too_great:
        lower = "" if field.minimum is None else field.minimum
        upper = "" if field.maximum is None else field.maximum
        raise word.fault(
            f"the default {value} is out of bounds", hint=f"stay within {lower}..{upper}, or change the bounds"
        )


def _bool(word: Word, _field: Field) -> bool:
    if word.text not in _BOOLS:
        raise word.fault(f"`{word.text}` is not a bool", hint=f"use {listed(_BOOLS)}")
    return _BOOLS[word.text]


def _enum(word: Word, field: Field) -> str:
    if word.text not in field.values:
        raise word.fault(
            f"the default `{word.text}` is not among the values", hint=did_you_mean(word.text, field.values)
        )
    return word.text


def _date(word: Word, _field: Field) -> str:
    try:
        return date.fromisoformat(word.text).isoformat()
    except ValueError:
        raise word.fault(f"`{word.text}` is not a date", hint="write it as `2026-12-31`") from None


def _datetime(word: Word, _field: Field) -> str:
    hint = "write it with its offset, as `2026-12-31T12:00:00Z`"
    try:
        moment = datetime.fromisoformat(word.text)
    except ValueError:
        raise word.fault(f"`{word.text}` is not a datetime", hint=hint) from None
    if moment.tzinfo is None:
        raise word.fault(f"`{word.text}` does not say which timezone", hint=hint)
    return moment.isoformat()


def _uuid(word: Word, _field: Field) -> str:
    try:
        return str(UUID(word.text))
    except ValueError:
        hint = "write it as `123e4567-e89b-12d3-a456-426614174000`"
        raise word.fault(f"`{word.text}` is not a UUID", hint=hint) from None


def _email(word: Word, _field: Field) -> str:
    if not _EMAIL.fullmatch(word.text):
        raise word.fault(f"`{word.text}` is not an email address", hint="write it as `name@example.org`")
    return word.text


def _url(word: Word, _field: Field) -> str:
    hint = "write it as `https://example.org/path`"
    try:
        url = urlsplit(word.text)
    except ValueError:
        raise word.fault(f"`{word.text}` is not a URL", hint=hint) from None
    if url.scheme not in {"http", "https"} or not url.hostname or not word.text.isascii() or " " in word.text:
        raise word.fault(f"`{word.text}` is not a URL", hint=hint)
    return word.text


_READERS: dict[FieldType, Callable[[Word, Field], Default]] = {
    FieldType.STR: _text,
    FieldType.TEXT: _text,
    FieldType.INT: _int,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOL: _bool,
    FieldType.ENUM: _enum,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.UUID: _uuid,
    FieldType.EMAIL: _email,
    FieldType.URL: _url,
}
