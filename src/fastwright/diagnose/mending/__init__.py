"""A refused value becomes one that is allowed, with as little change as possible: what a person sent is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import cast

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.mending import numbers, shapes, texts
from fastwright.diagnose.mending.case import Case
from fastwright.diagnose.moments import day, moment, naive, time_of_day


def mended(case: Case) -> JsonValue:
    """Return the nearest value that should be accepted."""
    mend = _BY_TYPE.get(case.refused.type)
    if mend is None:
        mend = next((rule for prefix, rule in _BY_PREFIX if case.refused.type.startswith(prefix)), _sampled)
    if isinstance(case.value, values.Missing) and mend is not _sampled:
        return case.sample()
    try:
        found = mend(case)
    except (ValueError, TypeError, ArithmeticError, LookupError):
        return case.sample()
    return case.sample() if found == case.value and type(found) is type(case.value) else found


def _sampled(case: Case) -> JsonValue:
    return case.sample()


def _truth(case: Case) -> JsonValue:
    word = values.text(cast("JsonValue", case.value)).strip().lower()
    return word not in ("", "no", "n", "off", "false", "f", "0", "nein", "none", "null", "0.0", "disabled")


def _value(case: Case) -> JsonValue:
    """Return a value for a refusal in words: what the schema says about its format decides."""
    kind = str(case.schema.get("format", ""))
    if "email" in kind or "email address" in case.refused.msg:
        return texts.email(case)
    return case.sample()


def _timezone(case: Case) -> JsonValue:
    return naive(str(case.value)) if case.refused.type == "timezone_naive" else f"{str(case.value).strip()}Z"


def _past_or_future(case: Case) -> JsonValue:
    is_past = case.refused.type.endswith("past")
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    other = now + dt.timedelta(days=-30 if is_past else 365)
    if case.refused.type.startswith("date_"):
        return other.date().isoformat()
    return other.isoformat().replace("+00:00", "Z")


_Mend = Callable[[Case], JsonValue]
_BY_TYPE: Mapping[str, _Mend] = {
    "missing": _sampled,
    "float_type": numbers.floating,
    "float_parsing": numbers.floating,
    "finite_number": numbers.floating,
    "string_type": texts.text,
    "bool_type": _truth,
    "bool_parsing": _truth,
    "decimal_max_places": numbers.decimal,
    "decimal_parsing": numbers.decimal,
    "decimal_type": numbers.decimal,
    "decimal_max_digits": numbers.digits,
    "decimal_whole_digits": numbers.digits,
    "greater_than": numbers.bound,
    "greater_than_equal": numbers.bound,
    "less_than": numbers.bound,
    "less_than_equal": numbers.bound,
    "multiple_of": numbers.multiple,
    "string_too_short": texts.longer,
    "string_too_long": texts.shorter,
    "too_short": shapes.more,
    "too_long": shapes.fewer,
    "string_pattern_mismatch": texts.pattern,
    "enum": texts.choice,
    "literal_error": texts.choice,
    "timezone_aware": _timezone,
    "timezone_naive": _timezone,
    "date_past": _past_or_future,
    "date_future": _past_or_future,
    "datetime_past": _past_or_future,
    "datetime_future": _past_or_future,
    "list_type": shapes.collection,
    "set_type": shapes.collection,
    "tuple_type": shapes.collection,
    "frozen_set_type": shapes.collection,
    "dict_type": shapes.mapping,
    "model_type": shapes.mapping,
    "model_attributes_type": shapes.mapping,
    "dataclass_type": shapes.mapping,
    "union_tag_invalid": shapes.tag,
    "union_tag_not_found": shapes.tag,
    "value_error": _value,
}
_BY_PREFIX: tuple[tuple[str, _Mend], ...] = (
    ("int_", numbers.integer),
    ("url_", texts.url),
    ("uuid_", texts.uuid),
    ("datetime_", lambda case: moment(case.value)),
    ("date_", lambda case: day(case.value)),
    ("time_", lambda case: time_of_day(case.value)),
    ("string_", texts.text),
)
