"""Two versions of an API side by side: since when it has two, and which fields only one of them knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastwright.design.draft import FieldDraft
from fastwright.design.model import Design, FieldType, Versions
from fastwright.design.nodes import known_entries, text_word
from fastwright.design.source import Word
from fastwright.design.tree import Node, Scalar

VERSIONS_KEYS = ("count", "deprecated", "sunset")
LATEST = 2
SINCE, UNTIL = f"{LATEST}..", f"..{LATEST - 1}"
_EXAMPLE = "versions: {count: 2, deprecated: 2026-12-01, sunset: 2027-06-30}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """The versions that know a field."""

    since: int | None = None
    until: int | None = None


def parse_span(word: Word | None) -> Span:
    """Read `2..` or `..1`."""
    if word is None:
        return Span()
    if word.text not in {SINCE, UNTIL}:
        message = f"`{word.text}` does not say which version knows the field"
        raise word.fault(message, hint=f"write `@{SINCE}` if it is new in v2, `@{UNTIL}` if v1 alone has it")
    return Span(since=LATEST) if word.text == SINCE else Span(until=LATEST - 1)


def check_spanned(field: FieldDraft, at: Word) -> None:
    """Refuse a field that one version lacks if rows cannot be made without it, or if it is no value of a body."""
    if field.field.required:
        message = f"`{at.text}` has to be optional: one version makes rows without it"
        raise at.fault(message, hint="add `?`, as in `str(1..80)?@2..`")
    if field.field.type is FieldType.FILE:
        raise at.fault("a file is there in every version", hint=f"leave `@{SINCE}` or `@{UNTIL}` out")


def read_versions(node: Node) -> Versions:
    """Return what `versions` says: how many there are, and what becomes of the first."""
    if isinstance(node, Scalar):
        return Versions(count=_count(text_word(node, "a number for `versions`", "versions: 2")))
    keys = known_entries(node, VERSIONS_KEYS, "`versions`", _EXAMPLE)
    count = _count(text_word(keys["count"], "a number", _EXAMPLE)) if "count" in keys else LATEST
    words = {key: text_word(keys[key], "a date", _EXAMPLE) for key in ("deprecated", "sunset") if key in keys}
    dates = {key: _date(word) for key, word in words.items()}
    if dates and count != LATEST:
        word = next(iter(words.values()))
        raise word.fault("the only version of an API cannot go", hint="write `count: 2`")
    if len(dates) > 1 and dates["sunset"] < dates["deprecated"]:
        # RFC 9745, section 4
        raise words["sunset"].fault("v1 would be gone before it is deprecated", hint="let `sunset` be the later date")
    return Versions(count=count, deprecated=dates.get("deprecated"), sunset=dates.get("sunset"))


def _count(word: Word) -> int:
    if word.text not in {"1", "2"}:
        raise word.fault(f"`{word.text}` versions are not possible", hint="write `versions: 2`, for v1 and v2")
    return int(word.text)


def _date(word: Word) -> date:
    try:
        return date.fromisoformat(word.text)
    except ValueError:
        raise word.fault(f"`{word.text}` is not a date", hint="write it as `2026-12-31`") from None


def resolve_versions(written: Versions | None, fields: tuple[FieldDraft, ...]) -> Versions:
    """Return the versions; a field that one of them lacks makes two of them."""
    spanned = any(field.field.since or field.field.until for field in fields)
    versions = written or Versions()
    return versions.model_copy(update={"count": LATEST}) if spanned else versions


def version_lines(design: Design) -> tuple[str, ...]:
    """Return `versions` as it is written into a design."""
    versions = design.versions
    dates = [f'{key}: "{value}"' for key in ("deprecated", "sunset") if (value := getattr(versions, key))]
    if dates:
        return (f"versions: {{{', '.join([f'count: {versions.count}', *dates])}}}",)
    return (f"versions: {versions.count}",) if versions.count > 1 else ()
