"""Names that are different in the design and the same in the backend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.design import naming
from fastwright.design.draft import ResourceDraft
from fastwright.design.model import Field, Relation, Resource
from fastwright.design.source import Word
from fastwright.errors import DesignError


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource, and the draft that says where its words stand."""

    draft: ResourceDraft
    resource: Resource

    def word(self, member: Field | Relation) -> Word:
        """Return where a field's or relation's name stands."""
        names = (*(field.name for field in self.draft.fields), *(relation.name for relation in self.draft.relations))
        return next((name for name in names if name.text == member.name), self.draft.name)

    @property
    def members(self) -> tuple[Field | Relation, ...]:
        return (*self.resource.fields, *self.resource.relations)


def check_clashes(placed: list[Placed]) -> Iterator[DesignError]:
    yield from _packages(placed)
    yield from _classes(placed)
    yield from _association_tables(placed)
    tables = {item.resource.name: naming.table_name(item.resource) for item in placed} | {naming.USER: naming.USERS}
    for item in placed:
        yield from _attributes(item)
        yield from _filters(item)
        yield from _constraints(item, tables)


def _packages(placed: list[Placed]) -> Iterator[DesignError]:
    plurals: dict[str, str] = {}
    singulars: dict[str, str] = {}
    for item in placed:
        name = item.resource.name
        by_plural = plurals.setdefault(item.resource.plural, name)
        by_singular = singulars.setdefault(naming.variable_name(item.resource), name)
        other, shared = (by_plural, item.resource.plural) if by_plural != name else (by_singular, naming.snake(name))
        if other != name:
            yield (item.draft.plural or item.draft.name).fault(
                f"`{other}` and `{name}` would both be called `{shared}` in the backend",
                hint="rename one of them, or set another `plural`",
            )


def _classes(placed: list[Placed]) -> Iterator[DesignError]:
    owners: dict[str, str] = {}
    for item in placed:
        for name in naming.class_names(item.resource):
            other = owners.setdefault(name, item.resource.name)
            if other != item.resource.name:
                yield _class_word(placed, item, name).fault(
                    f"`{other}` and `{item.resource.name}` would both have a class `{name}`",
                    hint="rename the resource, or the enum field that the class is named after",
                )
        yield from _own_classes(item)


def _own_classes(item: Placed) -> Iterator[DesignError]:
    suffixed = {item.resource.name + suffix for suffix in naming.CLASS_SUFFIXES}
    seen: dict[str, str] = {}
    for field in item.resource.fields:
        if not field.values:
            continue
        name = naming.enum_class(item.resource, field)
        if name in suffixed or name in seen:
            yield item.word(field).fault(
                f"the enum of `{item.resource.name}.{field.name}` would be a class `{name}`, which is there already",
                hint=f"rename the field, as in `{field.name}_kind`",
            )
        seen[name] = field.name


def _class_word(placed: list[Placed], item: Placed, name: str) -> Word:
    """Return the word to point at: the resource or enum field that is named so, or else the resource."""
    for candidate in placed:
        if candidate.resource.name == name:
            return candidate.draft.name
    enums = (field for field in item.resource.fields if field.values)
    return next(
        (item.word(field) for field in enums if naming.enum_class(item.resource, field) == name), item.draft.name
    )


def _association_tables(placed: list[Placed]) -> Iterator[DesignError]:
    tables = {naming.table_name(item.resource): f"`{item.resource.name}`" for item in placed}
    for item in placed:
        for relation in item.resource.relations:
            if relation.kind != "many_to_many":
                continue
            name = naming.association_table(item.resource, relation)
            here = f"`{item.resource.name}.{relation.name}`"
            other = tables.setdefault(name, here)
            if other != here:
                message = f"the table `{name}` of {here} would clash with that of {other}"
                yield item.word(relation).fault(message, hint="rename the relation")
            yield from _association_names(item, relation, name)


def _association_names(item: Placed, relation: Relation, table: str) -> Iterator[DesignError]:
    if len(table) > naming.IDENTIFIER_LIMIT:
        message = f"the table name `{table}` has {len(table)} characters"
        yield item.word(relation).fault(message, hint=f"shorten the relation: at most {naming.IDENTIFIER_LIMIT} in all")
    if relation.name == item.resource.plural:
        yield item.word(relation).fault(
            f"`{relation.name}` is already what the rows of `{item.resource.name}` are called",
            hint="rename the relation",
        )
    left, right = naming.association_columns(item.resource, relation)
    if left == right:
        yield item.word(relation).fault(
            f"both columns of the table `{table}` would be called `{left}`",
            hint=f"name the relation after its meaning, as in `related_{relation.name}`",
        )


def _attributes(item: Placed) -> Iterator[DesignError]:
    taken: dict[str, str] = {}
    for member in item.members:
        for attribute in naming.attribute_names(member):
            other = taken.setdefault(attribute, member.name)
            if other != member.name:
                yield item.word(member).fault(
                    f"`{other}` and `{member.name}` would both use the name `{attribute}`", hint="rename one of them"
                )


def _filters(item: Placed) -> Iterator[DesignError]:
    taken: dict[str, str] = {}
    for member in item.members:
        if member.name not in item.resource.list.filter:
            continue
        for parameter in naming.filter_names(member):
            other = taken.setdefault(parameter, member.name)
            if other != member.name:
                yield item.word(member).fault(
                    f"the filters of `{other}` and `{member.name}` would both use the parameter `{parameter}`",
                    hint="rename one of them, or leave one out of `list.filter`",
                )


def _constraints(item: Placed, tables: dict[str, str]) -> Iterator[DesignError]:
    taken: dict[str, str] = {}
    for name in naming.constraint_names(item.resource, tables):
        cut = name[: naming.IDENTIFIER_LIMIT]
        other = taken.setdefault(cut, name)
        if other != name:
            yield item.draft.name.fault(
                f"PostgreSQL would cut both `{other}` and `{name}` to `{cut}`", hint="use shorter names"
            )
