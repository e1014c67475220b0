"""The bounds of text and numbers: how they are written, what is assumed, and which make sense."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from fastwright.design.source import Word

MAX_STR = 4_000
MAX_TEXT = 1_000_000
DEFAULT_STR = (1, 255)
DEFAULT_TEXT = (0, 10_000)
MAX_PRECISION = 18
# The range of a 32-bit column. Beyond 2**53 a JavaScript client rounds, so no wider integer is offered.
INT_RANGE = (-(2**31), 2**31 - 1)
WIDE_INT_RANGE = (-(2**53 - 1), 2**53 - 1)

_WHOLE = re.compile(r"-?\d{1,18}")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lower and upper bound as written; `None` is "not written"."""

    lower: Word | None = None
    upper: Word | None = None


def parse_bounds(arguments: Word, example: str) -> Bounds:
    """Read `1..200`, `..200` or `1..`."""
    before, dots, _ = arguments.text.partition("..")
    lower = arguments.part(0, len(before)).stripped()
    upper = arguments.part(len(before) + len(dots)).stripped()
    if not dots or not (lower.text or upper.text):
        hint = f"write bounds as `{example}`"
        if before.strip().isdigit():
            hint = f"did you mean `..{before.strip()}` (at most) or `{before.strip()}..` (at least)?"
        raise arguments.fault(f"`{arguments.text}` is not a pair of bounds", hint=hint)
    return Bounds(lower if lower.text else None, upper if upper.text else None)


def whole(word: Word) -> int:
    if not _WHOLE.fullmatch(word.text):
        raise word.fault(f"`{word.text}` is not a whole number", hint="write digits only, as in `20`")
    return int(word.text)


def number(word: Word) -> Decimal:
    if not _NUMBER.fullmatch(word.text):
        raise word.fault(f"`{word.text}` is not a number", hint="write it as in `20` or `0.50`")
    return Decimal(word.text)


def length_bounds(bounds: Bounds, assumed: tuple[int, int], limit: int, kind: str) -> tuple[int, int]:
    """Return the least and greatest length of a `kind` of text."""
    lower = assumed[0] if bounds.lower is None else whole(bounds.lower)
    upper = assumed[1] if bounds.upper is None else whole(bounds.upper)
    if bounds.lower and lower < 0:
        raise bounds.lower.fault(f"a length of {lower} is negative", hint="start at `0` or `1`")
    if bounds.upper and upper < 1:
        raise bounds.upper.fault(f"a longest length of {upper} leaves no room for text", hint="write at least `1`")
    if bounds.upper and upper > limit:
        better = "use `text`" if kind == "str" else f"write at most `{limit}`"
        raise bounds.upper.fault(f"`{kind}` holds at most {limit} characters, not {upper}", hint=better)
    _in_order(bounds, lower, upper)
    return lower, upper


def int_bounds(bounds: Bounds) -> tuple[int, int]:
    """Return the least and greatest value; a bound that is not written is that of the column."""
    written = [(word, whole(word)) for word in (bounds.lower, bounds.upper) if word]
    for word, value in written:
        if not WIDE_INT_RANGE[0] <= value <= WIDE_INT_RANGE[1]:
            raise word.fault(
                f"{value} is beyond what JSON clients keep exact",
                hint=f"stay within ±{WIDE_INT_RANGE[1]}, or use `str` or `decimal`",
            )
    wide = any(not INT_RANGE[0] <= value <= INT_RANGE[1] for _, value in written)
    assumed = WIDE_INT_RANGE if wide else INT_RANGE
    lower = whole(bounds.lower) if bounds.lower else assumed[0]
    upper = whole(bounds.upper) if bounds.upper else assumed[1]
    _in_order(bounds, lower, upper)
    return lower, upper


def decimal_digits(precision: Word, scale: Word) -> tuple[int, int]:
    """Return precision (all digits) and scale (those after the point)."""
    digits, places = whole(precision), whole(scale)
    if not 1 <= digits <= MAX_PRECISION:
        raise precision.fault(f"a precision of {digits} is not possible", hint=f"use 1 to {MAX_PRECISION} digits")
    if not 0 <= places <= digits:
        raise scale.fault(
            f"a scale of {places} does not fit a precision of {digits}",
            hint=f"use 0 to {digits} digits after the point",
        )
    return digits, places


def decimal_bounds(bounds: Bounds, precision: int, scale: int) -> tuple[Decimal | None, Decimal | None]:
    lower = fitting(bounds.lower, precision, scale) if bounds.lower else None
    upper = fitting(bounds.upper, precision, scale) if bounds.upper else None
    if lower is not None and upper is not None:
        _in_order(bounds, lower, upper)
    return lower, upper


def fitting(word: Word, precision: int, scale: int) -> Decimal:
    """Return the number that `word` is, if a decimal of that precision and scale can hold it."""
    value = number(word)
    whole_part, _, fraction = word.text.lstrip("-").partition(".")
    if len(fraction.rstrip("0")) > scale or len(whole_part.lstrip("0")) > precision - scale:
        raise word.fault(
            f"{word.text} does not fit decimal({precision},{scale})",
            hint=f"use at most {precision - scale} digits before and {scale} after the point",
        )
    return value


def _in_order(bounds: Bounds, lower: Decimal | int, upper: Decimal | int) -> None:
    word = bounds.lower or bounds.upper
    if word and lower > upper:
        raise word.fault(f"the bounds are reversed: {lower} is more than {upper}", hint=f"write `{upper}..{lower}`")
