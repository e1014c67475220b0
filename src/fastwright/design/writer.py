"""A design as YAML, which a person keeps and edits.

What is written, the reader reads back as an equal design; the property tests hold it to that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from fastwright.design.draft import ACTIONS
from fastwright.design.files import size_text
from fastwright.design.kept import kept_lines
from fastwright.design.model import Access, Design, Field, FieldType, ListOptions, Relation, Resource
from fastwright.design.naming import USERS
from fastwright.design.versions import version_lines

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_ -]*[A-Za-z0-9_]|[A-Za-z]")
_YAML_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_PLAIN_SPEC = re.compile(r"[A-Za-z0-9_.,()|!?=/+@-]+")
_PLAIN_DEFAULT = re.compile(r"[A-Za-z0-9_.:+@/-]+")


def write_yaml(design: Design) -> str:
    """Return the design as YAML, with access and list options written out."""
    return "\n".join(_design_lines(design)) + "\n"


def field_spec(field: Field) -> str:
    """Return a field's shorthand, as in `str(1..200)!`."""
    marks = f"{'!' if field.unique else ''}{'?' if not field.required else ''}"
    span = f"@{field.since}.." if field.since else f"@..{field.until}" if field.until else ""
    return f"{field.type}{_arguments(field)}{marks}{span}{_default(field)}"


def relation_spec(relation: Relation) -> str:
    """Return a relation's shorthand, as in `->User?`."""
    if relation.kind == "many_to_many":
        return f"<->{relation.target}"
    return f"->{relation.target}{'!' if relation.unique else ''}{'' if relation.required else '?'}"


def _arguments(field: Field) -> str:
    if field.type in {FieldType.STR, FieldType.TEXT}:
        return f"({field.min_length or 0}..{field.max_length})"
    if field.type is FieldType.INT:
        return f"({_number(field.minimum)}..{_number(field.maximum)})"
    if field.type is FieldType.ENUM:
        return f"({'|'.join(field.values)})"
    if field.type is FieldType.FILE:
        return f"({'|'.join(field.content_types)},..{size_text(field.max_bytes or 0)})"
    if field.type is not FieldType.DECIMAL:
        return ""
    bounded = field.minimum is not None or field.maximum is not None
    bounds = f",{_number(field.minimum)}..{_number(field.maximum)}" if bounded else ""
    return f"({field.precision},{field.scale}{bounds})"


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _default(field: Field) -> str:
    value = field.default
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"={str(value).lower()}"
    if isinstance(value, Decimal):
        return f"={_number(value)}"
    text = str(value)
    if _PLAIN_DEFAULT.fullmatch(text):
        return f"={text}"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'="{escaped}"'


def _design_lines(design: Design) -> Iterator[str]:
    yield f"name: {_text(design.name)}"
    if design.description:
        yield f"description: {_text(design.description)}"
    roles = [role for role in design.roles if role != "admin"]
    if roles:
        yield f"roles: {_flow(roles)}"
    if design.options:
        yield f"options: {_flow(design.options)}"
    if design.accounts != USERS:
        yield f"accounts: {_text(design.accounts)}"
    yield from version_lines(design)
    if design.resources:
        yield "resources:"
    for resource in design.resources:
        yield f"  {resource.name}:"
        yield from (f"    {line}" for line in _resource_lines(resource))


def _resource_lines(resource: Resource) -> Iterator[str]:
    if resource.description:
        yield f"description: {_text(resource.description)}"
    yield f"plural: {_text(resource.plural)}"
    if resource.fields or resource.relations:
        yield "fields:"
    for field in resource.fields:
        yield f"  {_text(field.name)}: {_described(field_spec(field), 'type', field.description)}"
    for relation in resource.relations:
        yield f"  {_text(relation.name)}: {_relation(relation)}"
    if resource.owner:
        yield f"owner: {_text(resource.owner)}"
    yield "access:"
    for action in ACTIONS:
        yield f"  {action}: {_access(getattr(resource.access, action))}"
    yield "list:"
    yield from (f"  {line}" for line in _list_lines(resource.list))
    if resource.soft_delete:
        yield "soft_delete: true"
    if resource.kept:
        yield "kept:"
        yield from (f"  {line}" for line in kept_lines(resource.kept))


def _described(spec: str, key: str, description: str) -> str:
    if not description:
        return _block(spec)
    return f"{{{key}: {_text(spec)}, description: {_text(description)}}}"


def _relation(relation: Relation) -> str:
    if not relation.description:
        return relation_spec(relation)
    parts = [f"to: {relation.target}"]
    if relation.kind == "many_to_many":
        parts.append("many: true")
    else:
        parts += [f"required: {str(relation.required).lower()}", f"unique: {str(relation.unique).lower()}"]
    return f"{{{', '.join(parts)}, description: {_text(relation.description)}}}"


def _access(access: Access) -> str:
    words = [f"role:{role}" for role in access.roles]
    if access.level == "owner":
        words = ["owner", *words]
    if len(words) == 1:
        return words[0]
    return _flow(words) if words else access.level


def _list_lines(options: ListOptions) -> Iterator[str]:
    yield f"filter: {_flow(options.filter)}"
    yield f"sort: {_flow(options.sort)}"
    yield f"search: {_flow(options.search)}"
    yield f"default_sort: {options.default_sort}"
    yield f"page_size: {options.page_size}"
    yield f"max_page_size: {options.max_page_size}"


def _flow(words: Iterable[str]) -> str:
    return f"[{', '.join(_text(word) for word in words)}]"


def _block(spec: str) -> str:
    """Return a field's shorthand as the value of a block: plain, unless its default needs quotes of its own."""
    return spec if _PLAIN_SPEC.fullmatch(spec) else json.dumps(spec, ensure_ascii=False)


def _text(text: str) -> str:
    """Return text as YAML: plain where no reader could take it for anything else, or else in double quotes."""
    if _SAFE.fullmatch(text) and text.casefold() not in _YAML_WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
