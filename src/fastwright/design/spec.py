"""The shorthand of one field or relation: `str(1..200)!?="x"`, `->User?`, `<->Tag`, `<-Post`.

This only takes words apart. What a type allows is decided in `fields.py`, what a target is in `build.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastwright.design.draft import RelationDraft, RelationKind
from fastwright.design.source import Word

_TYPE = re.compile(r"[^\s(!?=@]+")
_SPAN = re.compile(r"@[0-9.]*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLAIN = re.compile(r"\S+")
_ARROWS: dict[str, RelationKind] = {"<->": "many_to_many", "->": "to_one", "<-": "one_to_many"}
_FIELD_EXAMPLES = "write it as `str(1..80)`, `int(0..)!`, `bool=false`, `enum(a|b)=a` or `text?`"
_RELATION_EXAMPLES = "write `->Target`, `->Target?`, `<->Target` or `<-Target`"


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldSpec:
    """The parts of a field's shorthand; `None` is "not written"."""

    type: Word
    arguments: Word | None = None
    unique: Word | None = None
    optional: Word | None = None
    default: Word | None = None
    span: Word | None = None


def is_relation(spec: Word) -> bool:
    return spec.text.startswith(tuple(_ARROWS))


def parse_relation(name: Word, spec: Word) -> RelationDraft:
    """Read `->Target`, with `?` and `!`, or `<->Target` or `<-Target`."""
    arrow = next(arrow for arrow in _ARROWS if spec.text.startswith(arrow))
    rest = spec.part(len(arrow)).stripped()
    target = rest.part(0, len(rest.text.rstrip("!?")))
    if not target.text.strip():
        raise spec.fault(f"`{spec.text}` names no resource", hint=_RELATION_EXAMPLES)
    marks = _marks(rest.part(len(target.text)))
    if marks and arrow != "->":
        mark = next(iter(marks.values()))
        raise mark.fault(f"`{mark.text}` has no meaning after `{arrow}`", hint=_no_marks_hint(arrow))
    return RelationDraft(
        name=name,
        target=target,
        kind=_ARROWS[arrow],
        required=arrow == "->" and "?" not in marks,
        unique="!" in marks,
    )


def _no_marks_hint(arrow: str) -> str:
    if arrow == "<->":
        return "a many-to-many relation is a list, and may always be empty: leave the mark out"
    return "write the relation at the other side instead, as in `parent:->Parent?`"


def _marks(word: Word) -> dict[str, Word]:
    """Return each suffix with its place."""
    found: dict[str, Word] = {}
    for index, mark in enumerate(word.text):
        if mark in found:
            raise word.part(index).fault(f"`{mark}` is written twice", hint=f"leave one `{mark}` out")
        found[mark] = word.part(index, index + 1)
    return found


def parse_field(spec: Word) -> FieldSpec:
    """Read `type(arguments)`, then `!` and `?`, then the versions after `@`, then `=default`."""
    type_match = _TYPE.match(spec.text)
    if not type_match:
        raise spec.fault(f"expected a type, found `{spec.text}`", hint=_FIELD_EXAMPLES)
    end = type_match.end()
    arguments, end = _arguments(spec, end)
    marks_end = len(spec.text) - len(spec.text[end:].lstrip("!?"))
    marks = _marks(spec.part(end, marks_end))
    span = _SPAN.match(spec.text, marks_end)
    span_end = span.end() if span else marks_end
    return FieldSpec(
        type=spec.part(0, type_match.end()),
        arguments=arguments,
        unique=marks.get("!"),
        optional=marks.get("?"),
        default=_default(spec.part(span_end)),
        span=spec.part(marks_end + 1, span_end) if span else None,
    )


def _arguments(spec: Word, start: int) -> tuple[Word | None, int]:
    """Return what the parentheses at `start` hold, and where they end."""
    if spec.text[start : start + 1] != "(":
        return None, start
    close = spec.text.find(")", start)
    if close < 0:
        raise spec.part(start).fault(
            f"`{spec.text}` has no closing `)`", hint="close it; within `{…}` or `[…]`, put quotes around the whole"
        )
    return spec.part(start + 1, close), close + 1


def _default(rest: Word) -> Word | None:
    """Return the default's text without its quotes."""
    if not rest.text.strip():
        return None
    if not rest.text.startswith("="):
        raise rest.stripped().fault(
            f"`{rest.text.strip()}` is not understood here", hint="after the type come `!`, `?` and then `=default`"
        )
    value = rest.part(1)
    match = (_QUOTED if value.text.startswith('"') else _PLAIN).match(value.text)
    if not match:
        raise value.fault("the default is not complete", hint='write `=word`, or `="some words"` with both quotes')
    if value.text[match.end() :].strip():
        extra = value.part(match.end()).stripped()
        raise extra.fault(f"`{extra.text}` is not understood here", hint='put quotes around it: `="some words"`')
    if not value.text.startswith('"'):
        return value.part(0, match.end())
    return Word(re.sub(r"\\(.)", r"\1", match.group()[1:-1]), value.part(1).spot, literal=False)
