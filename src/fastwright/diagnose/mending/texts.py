"""Texts that are allowed, near to those that were sent."""

from __future__ import annotations

import difflib
import json
import re
from typing import cast

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.mending.case import Case
from fastwright.diagnose.patterns import matching


def text(case: Case) -> JsonValue:
    value = case.value
    if isinstance(value, dict | list) or value is None:
        return case.sample()
    return values.text(cast("JsonValue", value))


def longer(case: Case) -> JsonValue:
    text, least = str(case.value), int(case.context.get("min_length", 1))
    trial = case.sample()
    if not text.strip() and isinstance(trial, str):
        return trial
    filler = text[-1] if text and text[-1].isalnum() else "x"
    return text + filler * (least - len(text))


def shorter(case: Case) -> JsonValue:
    most = int(case.context["max_length"])
    text = str(case.value)
    if case.schema.get("format") == "email" or re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        return "ada@example.com"
    return text.strip()[:most].rstrip() or text[:most]


def pattern(case: Case) -> JsonValue:
    pattern = str(case.context.get("pattern") or case.schema.get("pattern") or "")
    low, high = int(case.schema.get("minLength", 0)), case.schema.get("maxLength")
    return matching(pattern, low, high, str(case.value), *_texts(case.sample()))


def _texts(value: JsonValue) -> list[str]:
    return [value] if isinstance(value, str) else []


def choice(case: Case) -> JsonValue:
    """Return the allowed value that is nearest to what was sent."""
    allowed = _allowed(case)
    return nearest(case.value, allowed) if allowed else case.sample()


def _allowed(case: Case) -> list[JsonValue]:
    whole = case.sampler.resolved(case.refused.schema_ or {})
    for schema in (case.schema, *(case.sampler.resolved(one) for one in whole.get("anyOf", ()))):
        if schema.get("enum"):
            return list(schema["enum"])
        if "const" in schema:
            return [schema["const"]]
    expected = str(case.context.get("expected", ""))
    quoted = re.findall(r"'([^']*)'", expected)
    return list(quoted) if quoted else [json.loads(one) for one in re.findall(r"-?\d+", expected)]


def nearest(value: object, allowed: list[JsonValue]) -> JsonValue:
    """Return the allowed value that is most like what was sent: the same but for its case, or a similar word."""
    word = str(value).strip().lower().replace(" ", "_")
    plain = {str(one).lower().replace(" ", "_"): one for one in allowed}
    if word in plain:
        return plain[word]
    numbers = [one for one in allowed if isinstance(one, int | float) and not isinstance(one, bool)]
    if numbers and isinstance(value, int | float):
        return min(numbers, key=lambda one: abs(one - value))
    similar = difflib.get_close_matches(word, plain, n=1, cutoff=0.0)
    return plain[similar[0]] if similar else allowed[0]


def uuid(case: Case) -> JsonValue:
    digits = re.sub(r"[^0-9a-fA-F]", "", str(case.value))
    if len(digits) == 32 and case.refused.type == "uuid_parsing":
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    return case.sample()


def url(case: Case) -> JsonValue:
    text = str(case.value).strip()
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text):
        return f"https://{text}"
    if match := re.fullmatch(r"[a-z]+:/{0,3}(\S+\.\S+)", text, re.IGNORECASE):
        schemes = [one for one in _texts(case.sample()) if "://" in one]
        scheme = str(case.context.get("expected_schemes", "'https'"))
        wanted = "https" if "https" in scheme or not schemes else schemes[0].partition(":")[0]
        return f"{wanted}://{match[1]}"
    return case.sample()


def email(case: Case) -> JsonValue:
    text = re.sub(r"\s+", "", str(case.value)).strip(".")
    text = re.sub(r"\(at\)|\[at\]|@+", "@", text)
    match = re.search(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", text)
    if match and match.group() != case.value:
        return match.group()
    local = re.sub(r"[^\w.+-]", "", text.partition("@")[0]).strip(".")
    return f"{local or 'ada'}@example.com"
