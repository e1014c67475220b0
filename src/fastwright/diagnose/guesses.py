"""Values for which a comparison, or a function, should turn out as it has to: conjectures, the likeliest first."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Fact
from fastwright.diagnose.mending.texts import nearest
from fastwright.diagnose.patterns import matching
from fastwright.diagnose.plausible import by_name


@dataclass(frozen=True)
class Side:
    """One side of a comparison, the function that it went through, and the other side."""

    value: JsonValue
    function: str
    op: str
    other: JsonValue
    other_function: str
    name: str


def compared_values(side: Side) -> Iterator[JsonValue]:
    """Yield values for which a comparison should turn out as it has to."""
    value, function, op, other, name = side.value, side.function, side.op, side.other, side.name
    if function == "len" and isinstance(other, int):
        yield from _sized(value, op, other, name)
    elif op == "==":
        yield from _equal(value, other, side.other_function, function)
    elif op == "!=":
        yield from _different(value, name)
    elif op in ("contains", "lacks"):
        yield from _containing(value, op, other)
    elif op == "in" and isinstance(other, list) and other:
        yield nearest(value, other)
        yield from other[:5]
    elif op == "not in":
        yield from _different(value, name)
    elif function in ("weekday", "isoweekday") and isinstance(value, str):
        yield from shifted(value)
    else:
        yield from _ordered(value, op, other)


def _equal(value: JsonValue, other: JsonValue, other_function: str, function: str) -> Iterator[JsonValue]:
    if isinstance(value, str) and other_function in _CASES:
        yield _CASES[other_function](value)
    if isinstance(value, str) and function in ("weekday", "isoweekday"):
        yield from shifted(value)
    yield other


def _different(value: JsonValue, name: str) -> Iterator[JsonValue]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
        yield abs(value) + 1
    else:
        yield by_name(name)
        yield f"{values.text(value)}1"


def _containing(value: JsonValue, op: str, other: JsonValue) -> Iterator[JsonValue]:
    text, part = values.text(value), values.text(other)
    if op == "lacks":
        yield re.sub(re.escape(part), "", text, flags=re.IGNORECASE).strip() or "sample"
        return
    if isinstance(value, list):
        yield [*value, other]
        return
    if part == "@":
        yield "ada@example.com"
    yield f"{text}{part}{text}" if not part.strip() else f"{text}{part}"
    yield f"{part}{text}"


def _ordered(value: JsonValue, op: str, other: JsonValue) -> Iterator[JsonValue]:
    """Yield values on the right side of a bound: a number or a moment."""
    step = {"<": -1, ">": 1}.get(op, 0)
    if isinstance(other, int | float) and not isinstance(other, bool):
        yield from _numbers(value, other, step)
    elif isinstance(other, str) and re.fullmatch(r"-?\d+(\.\d+)?", other):
        yield from _numbers(value, float(Decimal(other)), step)
    elif isinstance(other, str) and re.match(r"\d{4}-\d{2}-\d{2}", other):
        yield from _moments(values.text(value), other, step)


def _numbers(value: JsonValue, bound: float, step: int) -> Iterator[JsonValue]:
    exact = bound + step
    whole = int(exact) if float(exact).is_integer() else exact
    yield str(whole) if isinstance(value, str) else whole
    if step:
        near = bound + step / 100
        yield str(near) if isinstance(value, str) else near


def _moments(text: str, bound: str, step: int) -> Iterator[JsonValue]:
    """Yield moments a day and an hour from a bound, written as the one that was sent."""
    try:
        moment = dt.datetime.fromisoformat(bound)
    except ValueError:
        return
    for shift in (dt.timedelta(days=step or 1 if step >= 0 else -1), dt.timedelta(hours=step), dt.timedelta(0)):
        other = moment + shift
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
            yield other.date().isoformat()
        elif text.endswith("Z") or "+" in text[10:]:
            yield other.replace(tzinfo=other.tzinfo or dt.UTC).isoformat().replace("+00:00", "Z")
        else:
            yield other.replace(tzinfo=None).isoformat()


def apart(text: str, limit: float, op: str) -> Iterator[JsonValue]:
    """Yield moments that are so many days, hours or seconds after another one."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return
    step = {"<": -1, ">": 1}.get(op, 0)
    for unit in (dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(seconds=1)):
        other = moment + unit * (limit + step)
        is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip())
        yield other.date().isoformat() if is_day else other.isoformat().replace("+00:00", "Z")


def shifted(text: str) -> Iterator[JsonValue]:
    """Yield the days after a date, and dates long after and before it."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return
    today = dt.datetime.now(dt.UTC)
    is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()) is not None
    near = [moment + dt.timedelta(days=days) for days in range(1, 7)]
    far = [
        (today + dt.timedelta(days=days)).replace(tzinfo=moment.tzinfo, microsecond=0) for days in (30, -30, -12_000)
    ]
    for other in (*near, *far):
        yield other.date().isoformat() if is_day else other.isoformat().replace("+00:00", "Z")


def _sized(value: JsonValue, op: str, size: int, name: str) -> Iterator[JsonValue]:
    wanted = size + {"<": -1, ">": 1}.get(op, 0)
    if isinstance(value, list):
        yield (
            value[:wanted] if len(value) > wanted else [*value, *([value[-1]] * (wanted - len(value)) if value else [])]
        )
        return
    text = values.text(value)
    if len(text) > wanted:
        yield text[:wanted]
    else:
        sample = by_name(name)
        if len(sample) >= wanted and op in (">", ">="):
            yield sample
        yield text + (text[-1:] if text[-1:].isalnum() else "x") * (wanted - len(text))


_CASES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "capitalize": str.capitalize,
    "strip": str.strip,
    "casefold": str.casefold,
}


_KEEPS = {
    "isalnum": r"[^0-9A-Za-z]",
    "isdigit": r"\D",
    "isdecimal": r"\D",
    "isnumeric": r"\D",
    "isalpha": r"[^A-Za-z]",
    "isidentifier": r"\W",
    "isascii": r"[^\x20-\x7e]",
}


_ADDS = {"isdigit": "7", "isupper": "Q", "islower": "q", "isalpha": "q", "isalnum": "7", "isspace": " "}


def called_values(fact: Fact, text: str, name: str) -> Iterator[JsonValue]:
    """Yield texts for which a function of the condition should return what it has to."""
    quantifier, _space, inner = fact.function.partition(" ")
    argument = values.text(fact.arguments[0]) if fact.arguments else ""
    if fact.function in ("match", "fullmatch", "search"):
        if fact.wanted:
            yield matching(argument, 0, None, text, by_name(name))
        else:
            yield re.sub(argument, "", text) or "sample"
    elif fact.function in ("startswith", "endswith"):
        yield from _affixed(fact, text)
    elif fact.wanted and fact.function in _KEEPS:
        kept = re.sub(_KEEPS[fact.function], "", text)
        yield kept or {"isdigit": "12345678", "isnumeric": "12345678", "isdecimal": "12345678"}.get(
            fact.function, "sample"
        )
    elif fact.function in ("isupper", "islower", "istitle"):
        yield _CASES[{"isupper": "upper", "islower": "lower"}.get(fact.function, "title")](text)
    elif quantifier == "any" and fact.wanted:
        yield text + (_ADDS.get(inner) or argument[:1] or "!")
        yield by_name("password")
    elif quantifier == "all" and fact.wanted:
        yield "".join(one for one in text if _is(one, inner, argument)) or "12345678"
    elif quantifier == "any":
        yield "".join(one for one in text if not _is(one, inner, argument)) or "sample"


def _is(letter: str, asked: str, among: str) -> bool:
    """Tell whether a letter is what `any` or `all` asked for: `isdigit` and its like, or one of some letters."""
    return bool(getattr(letter, asked)()) if hasattr(letter, asked) and asked != "in" else letter in among


def _affixed(fact: Fact, text: str) -> Iterator[JsonValue]:
    listed = fact.arguments[0] if fact.arguments else ""
    for affix in listed if isinstance(listed, list) else [listed]:
        part = values.text(affix)
        if not fact.wanted:
            yield text.removeprefix(part).removesuffix(part)
        else:
            yield part + text if fact.function == "startswith" else text + part
