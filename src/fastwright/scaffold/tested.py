"""One resource as its tests need it: what can be asserted, and with which values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from fastwright.design.model import FieldType
from fastwright.scaffold.access import ActionView
from fastwright.scaffold.fields import FieldView
from fastwright.scaffold.relations import PLENTY, RelationView
from fastwright.scaffold.resources import AUTOMATIC_SORT, FilterView, ResourceView
from fastwright.scaffold.samples import UNLIMITED, Samples
from fastwright.scaffold.text import literal


@dataclass(frozen=True)
class TestedResource(ResourceView):
    """A resource and the values for its tests; `capacities` are those of the resources before it."""

    capacities: Mapping[str, int]

    def latest(self) -> TestedResource:
        """Return the resource as the latest version of the API knows it, which is what most tests are about."""
        fields = tuple(field for field in self.design.fields if not field.until)
        return replace(self, design=self.design.model_copy(update={"fields": fields}))

    @property
    def own_row(self) -> str:
        """The argument that makes a row belong to the tests' `row_owner`."""
        return f", {self.owner.column}={self.row_owner}.id" if self.owner else ""

    @property
    def row_owner(self) -> str:
        """The fixture of the user who owns the rows of the tests: a plain user, who reaches nobody else's rows."""
        return "owner" if self.owner and self.actions["create"].by_role else "author"

    def hidden_from(self, action: str) -> tuple[RelationView, ...]:
        """Return the relations whose targets are hidden from whoever does `action` in the tests."""
        view = self.actions[action]
        role = view.access.roles[0] if view.by_role else ""
        return tuple(relation for relation in self.private if role not in relation.target.readers)

    @property
    def unique(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.field.unique)

    @property
    def changed(self) -> FieldView | None:
        """The field that the tests of PATCH change."""
        return next((field for field in self.fields if self.samples[field.name].differ), None)

    @property
    def omissible(self) -> tuple[FieldView, ...]:
        """The fields that a body may leave out."""
        return tuple(field for field in self.fields if field.default)

    @property
    def compared(self) -> tuple[FieldView, ...]:
        """The fields that are filtered or sorted by, and whose two sample values differ."""
        names = {view.column for view in self.filters} | {sort.name for sort in self.sorts}
        return tuple(field for field in self.fields if field.name in names and self.samples[field.name].differ)

    @property
    def is_scarce(self) -> bool:
        return self.own_capacity < PLENTY

    @property
    def made_up(self) -> tuple[FieldView, ...]:
        """The fields that a factory fills in: all but optional ones whose unique values would run out."""
        scarce = {field.name for field in self.unique if field.nullable} - {field.name for field in self.abundant}
        return tuple(field for field in self.fields if field.name not in scarce)

    @property
    def abundant(self) -> tuple[FieldView, ...]:
        """The unique fields whose values do not run out."""
        return tuple(field for field in self.unique if self.samples[field.name].capacity >= PLENTY)

    @property
    def plentiful(self) -> tuple[RelationView, ...]:
        """The many-to-many relations with enough targets for many in one row."""
        return tuple(relation for relation in self.many if not relation.target_is_scarce)

    @property
    def uses_number(self) -> bool:
        return any("number" in sample.made for sample in self.samples.values())

    @property
    def private(self) -> tuple[RelationView, ...]:
        """The relations that a body names and whose target may be read by some callers only."""
        return tuple(relation for relation in self.relations if relation.target.condition and not relation.is_owner)

    @property
    def body_needs_user(self) -> bool:
        return bool(self.private)

    @property
    def optional_keys(self) -> tuple[RelationView, ...]:
        return tuple(key for key in self.written if key.nullable)

    @property
    def omissible_names(self) -> tuple[str, ...]:
        """What a body may leave out."""
        fields = (field.name for field in self.omissible)
        return (*fields, *(key.column for key in self.optional_keys), *(relation.ids for relation in self.many))

    @property
    def reference_names(self) -> tuple[str, ...]:
        """The identifiers in a body."""
        return (*(key.column for key in self.written), *(relation.ids for relation in self.many))

    @property
    def required_names(self) -> tuple[str, ...]:
        """What a body of PATCH may not set to null."""
        fields = (field.name for field in self.fields if not field.nullable and field.type is not FieldType.JSON)
        return (*fields, *(key.column for key in self.written if not key.nullable))

    @property
    def nullable_names(self) -> tuple[tuple[str, str], ...]:
        """What may be set to null: the name in a body, and the one in an answer."""
        fields = ((field.name, field.name) for field in self.fields if field.nullable)
        return (*fields, *((key.column, key.name) for key in self.optional_keys))

    @property
    def filtered_keys(self) -> tuple[RelationView, ...]:
        """The to-one relations that the list narrows to, and that a test can set apart."""
        private = self.actions["list"].by_owner
        return tuple(key for key in self.keys if key.name in self.design.list.filter and not (key.is_owner and private))

    @property
    def tested_filters(self) -> tuple[tuple[str, str, str], ...]:
        """The query, its value, and which of two rows it finds."""
        if self.own_capacity < 2:
            return ()
        compared = {field.name for field in self.compared}
        return tuple(self._filter_case(view) for view in self.filters if view.column in compared)

    def _filter_case(self, view: FilterView) -> tuple[str, str, str]:
        sample = self.samples[view.column]
        value = sample.second if view.comparison == ">=" else sample.first
        text = value if value.startswith('"') else literal(value.lower().replace("_", ""))
        return view.name, text, "high" if view.comparison == ">=" else "low"

    @property
    def tested_sorts(self) -> tuple[str, ...]:
        if self.own_capacity < 2:
            return ()
        compared = {field.name for field in self.compared} | set(AUTOMATIC_SORT)
        return tuple(name for name in self.design.list.sort if name in compared)

    @property
    def tested_searches(self) -> tuple[FieldView, ...]:
        if self.own_capacity < 2:
            return ()
        return tuple(field for field in self.searched if field.max_length >= len(self.samples[field.name].word))

    @property
    def guarded(self) -> tuple[ActionView, ...]:
        return tuple(view for view in self.actions.values() if not view.is_public)

    @cached_property
    def samples(self) -> dict[str, Samples]:
        return {field.name: Samples(field) for field in self.fields}

    @cached_property
    def own_capacity(self) -> int:
        """How many rows there can be at all, as unique values and one-to-one targets run out."""
        unique = [self.samples[field.name].capacity for field in self.unique if not field.nullable]
        keys = (key for key in self.keys if key.relation.unique and not key.nullable)
        targets = [self.capacities.get(key.target.name, UNLIMITED) for key in keys]
        return min([*unique, *targets, UNLIMITED])
