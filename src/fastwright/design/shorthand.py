"""The shorthand of the command line: `-r "Post title:str(1..200) body:text author:->User"`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastwright.design.build import build
from fastwright.design.draft import DesignDraft, FieldDraft, RelationDraft, ResourceDraft
from fastwright.design.fields import make_field, parts_of
from fastwright.design.model import Design
from fastwright.design.softly import SOFT_DELETE
from fastwright.design.source import Faults, Spot, Word
from fastwright.design.spec import is_relation, parse_field, parse_relation

_EXAMPLE = 'write it as `-r "Post title:str(1..200) author:->User"`'
MAX_LENGTH = 20_000


def read_shorthand(name: str, specs: Sequence[str]) -> Design:
    """Return the design called `name` with one resource for each of the `specs`."""
    faults = Faults()
    resources: list[ResourceDraft] = []
    for number, text in enumerate(specs, start=1):
        with faults.gathered():
            resources.append(_resource(Word(text, Spot(f"-r {number}", 1, 1))))
    faults.raise_any()
    return build(DesignDraft(name=Word(name, Spot("name")), resources=tuple(resources)))


def _resource(spec: Word) -> ResourceDraft:
    if len(spec.text) > MAX_LENGTH:
        raise spec.fault(f"{len(spec.text)} characters are too many", hint="write the design into a YAML file")
    tokens = list(_tokens(spec))
    if not tokens:
        raise spec.fault("the resource has no name", hint=_EXAMPLE)
    name, *members = tokens
    if ":" in name.text:
        raise name.fault(f"expected the name of a resource first, found `{name.text}`", hint=_EXAMPLE)
    fields: list[FieldDraft] = []
    relations: list[RelationDraft] = []
    softly = next((token for token in members if token.text == SOFT_DELETE), None)
    faults = Faults()
    for token in members:
        if token is softly:
            continue
        with faults.gathered():
            member = _member(token)
            if isinstance(member, FieldDraft):
                fields.append(member)
            else:
                relations.append(member)
    faults.raise_any()
    return ResourceDraft(name=name, fields=tuple(fields), relations=tuple(relations), soft_delete=softly)


def _member(token: Word) -> FieldDraft | RelationDraft:
    """Read one `name:spec`."""
    before, colon, _ = token.text.partition(":")
    name, spec = token.part(0, len(before)), token.part(len(before) + 1)
    if not colon or not before or not spec.text:
        raise token.fault(f"`{token.text}` is not a field", hint="write `name:type`, as in `title:str(1..200)`")
    if is_relation(spec):
        return parse_relation(name, spec)
    return make_field(parts_of(name, parse_field(spec)))


def _tokens(spec: Word) -> Iterator[Word]:
    """Split at whitespace, except within parentheses and quotes."""
    start: int | None = None
    opened: int | None = None
    closing = ""
    for index, character in enumerate(spec.text):
        if closing:
            closing = "" if character == closing and not _escaped(spec.text, index) else closing
        elif character in '("':
            closing, opened = (")" if character == "(" else '"'), index
        if character.isspace() and not closing:
            if start is not None:
                yield spec.part(start, index)
            start = None
        elif start is None:
            start = index
    if closing and opened is not None:
        raise spec.part(opened).fault(
            f"`{spec.text[opened]}` is opened and never closed", hint=f"close it with `{closing}`"
        )
    if start is not None:
        yield spec.part(start)


def _escaped(text: str, index: int) -> bool:
    backslashes = len(text[:index]) - len(text[:index].rstrip("\\"))
    return backslashes % 2 == 1
