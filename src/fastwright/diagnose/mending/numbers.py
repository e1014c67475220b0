"""Numbers that are allowed, near to those that were sent."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import cast

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.mending.case import Case


def integer(case: Case) -> JsonValue:
    value = case.value
    if isinstance(value, bool | int):
        return _within(case, int(value))
    number = number_in(value)
    if number is None:
        return case.sample()
    return _within(case, int(Decimal(str(number)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)))


def floating(case: Case) -> JsonValue:
    number = number_in(case.value)
    if number is None or not math.isfinite(number):
        return case.sample()
    return _within(case, int(number) if float(number).is_integer() else number)


def _within(case: Case, number: float) -> JsonValue:
    schema = case.schema
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and number < low:
        return cast("JsonValue", low)
    return cast("JsonValue", high) if high is not None and number > high else number


def number_in(value: object) -> float | None:
    """Return the number that a text is, also with a decimal comma, a unit or a currency."""
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip().replace("\u00a0", "").replace(" ", "")
    if re.search(r",\d{1,2}$", re.sub(r"[^\d,.-]", "", text)):
        text = text.replace(".", "").replace(",", ".")
    match = re.search(r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?", text.replace(",", ""))
    return float(match.group()) if match else None


def decimal(case: Case) -> JsonValue:
    number = number_in(case.value)
    if number is None:
        return case.sample_number()
    places = case.context.get("decimal_places")
    text = re.sub(r"[^\d.-]", "", values.text(cast("JsonValue", case.value)).replace(",", "."))
    try:
        exact = Decimal(text)
    except InvalidOperation:
        exact = Decimal(str(number))
    if isinstance(places, int):
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return str(exact) if isinstance(case.value, str) else _as_number(exact)


def _as_number(exact: Decimal) -> JsonValue:
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def digits(case: Case) -> JsonValue:
    """Return the largest number that has no more digits than are allowed."""
    wanted = int(case.context.get("max_digits", 0) or case.context.get("whole_digits", 0))
    number = Decimal(str(number_in(case.value)))
    whole = len(str(abs(int(number))))
    if whole <= wanted:
        exact = number.quantize(Decimal(1).scaleb(whole - wanted), rounding=ROUND_HALF_EVEN)
    else:
        exact = Decimal("9" * max(1, wanted - 2)).copy_sign(number)
    return str(exact) if isinstance(case.value, str) else _as_number(exact)


def bound(case: Case) -> JsonValue:
    """Return the bound itself, or the next value inside of it."""
    key, bound = next((key, case.context[key]) for key in ("gt", "ge", "lt", "le") if key in case.context)
    if isinstance(bound, str) and not isinstance(number_in(bound), int | float):
        return cast("JsonValue", bound)
    if isinstance(bound, str) and re.match(r"\d{4}-\d{2}-\d{2}|P|-P", bound):
        return _moment_within(bound, key)
    limit = Decimal(str(bound))
    step = Decimal(1) if _is_whole(case) or abs(limit) >= 1 else Decimal("0.01")
    if key == "gt" and limit == 0 and not _is_whole(case):
        step = Decimal(1)
    exact = {"gt": limit + step, "lt": limit - step}.get(key, limit)
    multiple = case.schema.get("multipleOf")
    if multiple:
        quotient = exact / Decimal(str(multiple))
        rounded = math.ceil(quotient) if key in ("gt", "ge") else math.floor(quotient)
        exact = Decimal(str(multiple)) * rounded
    return str(exact) if isinstance(case.value, str) else _as_number(exact)


def _is_whole(case: Case) -> bool:
    return case.schema.get("type") == "integer"


def _moment_within(bound: str, key: str) -> JsonValue:
    step = dt.timedelta(days={"gt": 1, "lt": -1}.get(key, 0))
    if "T" in bound or " " in bound:
        return (dt.datetime.fromisoformat(bound) + step).isoformat()
    if bound.startswith(("P", "-P")):
        return bound
    return (dt.date.fromisoformat(bound) + step).isoformat()


def multiple(case: Case) -> JsonValue:
    step = Decimal(str(case.context["multiple_of"]))
    number = Decimal(str(number_in(case.value)))
    exact = (number / step).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * step
    low = case.schema.get("minimum", case.schema.get("exclusiveMinimum"))
    while low is not None and exact <= Decimal(str(low)) and exact != Decimal(str(case.schema.get("minimum", "NaN"))):
        exact += step
    return str(exact) if isinstance(case.value, str) else _as_number(exact)
