"""One resource under all the names that its package, its tests and its tables need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from fastwright.design import naming
from fastwright.design.model import Field, FieldType, ListOptions, Resource
from fastwright.scaffold.access import ACTIONS, ActionView
from fastwright.scaffold.fields import FieldView
from fastwright.scaffold.relations import PLENTY, RelationView
from fastwright.scaffold.samples import Samples
from fastwright.scaffold.text import article, docstring, literal, words

_AUTOMATIC_SORT = ("created_at", "updated_at")
# Names within the functions of `service.py` and `router.py`.
_LOCALS = frozenset(
    "cache changes conflict data etag filters find_referenced if_match if_none_match is_current name page paginate "
    "problems queries router row rows service statement status value".split()
)
_KEY_TYPES = {
    FieldType.INT: "int",
    FieldType.DECIMAL: "Decimal",
    FieldType.BOOL: "bool",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.UUID: "UUID",
}


@dataclass(frozen=True)
class SortView:
    """A key that the list may be sorted by."""

    name: str
    type: str
    nullable: bool


@dataclass(frozen=True)
class FilterView:
    """A query parameter that narrows the list: its type, and how the column compares to it."""

    name: str
    column: str
    comparison: str
    type: str


@dataclass(frozen=True)
class ResourceView:
    """A resource, its relations resolved; `capacities` are those of the resources before it."""

    design: Resource
    relations: tuple[RelationView, ...]
    label: Field | None
    is_referenced: bool
    capacities: Mapping[str, int]

    # Names

    @property
    def name(self) -> str:
        """The class name, `OrderItem`."""
        return self.design.name

    @property
    def singular(self) -> str:
        """The variable and function part, `order_item`."""
        return naming.variable_name(self.design)

    @property
    def variable(self) -> str:
        """The local variable for one row; not that of the resource where the functions have such a variable already."""
        return f"{self.singular}_row" if self.singular in _LOCALS else self.singular

    @property
    def plural(self) -> str:
        """The plural in snake case, `order_items`; also the table and the package below `app/`."""
        return self.design.plural

    @property
    def package(self) -> str:
        return naming.package_name(self.design)

    @property
    def route(self) -> str:
        """The path segment, `order-items`."""
        return naming.route_segment(self.design)

    @property
    def one(self) -> str:
        """As in a sentence, `order item`."""
        return words(self.singular)

    @property
    def an_item(self) -> str:
        """As in a sentence, `an order item`."""
        return f"{article(self.one)} {self.one}"

    @property
    def many_words(self) -> str:
        return words(self.plural)

    @property
    def description(self) -> str:
        return docstring(self.design.description)

    # Parts

    @cached_property
    def fields(self) -> tuple[FieldView, ...]:
        return tuple(FieldView(self.design, field) for field in self.design.fields)

    @property
    def enums(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.type is FieldType.ENUM)

    @property
    def aliases(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.alias)

    @property
    def label_field(self) -> FieldView | None:
        """The field that stands for the row wherever it is referred to."""
        return FieldView(self.design, self.label) if self.label else None

    @property
    def checks(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.check)

    @property
    def keys(self) -> tuple[RelationView, ...]:
        """The to-one relations."""
        return tuple(relation for relation in self.relations if not relation.is_many)

    @property
    def many(self) -> tuple[RelationView, ...]:
        return tuple(relation for relation in self.relations if relation.is_many)

    @property
    def owner(self) -> RelationView | None:
        return next((key for key in self.keys if key.is_owner), None)

    @property
    def written(self) -> tuple[RelationView, ...]:
        """The to-one relations that a body names: all but the owner."""
        return tuple(key for key in self.keys if not key.is_owner)

    @property
    def looked_up(self) -> tuple[RelationView, ...]:
        """The relations whose targets are read before they are referred to."""
        return tuple(relation for relation in self.relations if relation.is_many or relation.target.condition)

    @property
    def private_keys(self) -> tuple[RelationView, ...]:
        """The to-one relations whose target may be read by some callers only."""
        return tuple(key for key in self.written if key.target.condition)

    @property
    def other_targets(self) -> tuple[RelationView, ...]:
        """One relation for each other class that is pointed at."""
        by_name = {relation.target.name: relation for relation in self.relations if not relation.is_self}
        return tuple(by_name.values())

    @property
    def targets(self) -> tuple[RelationView, ...]:
        """One relation for each class that is pointed at, itself included."""
        return tuple({relation.target.name: relation for relation in self.relations}.values())

    # Access

    @cached_property
    def actions(self) -> dict[str, ActionView]:
        return {action: ActionView(self.design, action) for action in ACTIONS}

    @property
    def conditions(self) -> tuple[ActionView, ...]:
        """One action for each function that narrows the rows to the caller's."""
        return tuple({view.condition: view for view in self.actions.values() if view.condition}.values())

    @property
    def create_needs_user(self) -> bool:
        return bool(self.owner or any(relation.target.condition for relation in self.relations))

    @property
    def update_needs_user(self) -> bool:
        others = any(relation.target.condition for relation in self.relations)
        return bool(self.actions["update"].condition or others)

    # List

    @cached_property
    def sorts(self) -> tuple[SortView, ...]:
        names = dict.fromkeys((*self.design.list.sort, self.design.list.default_sort.removeprefix("-")))
        by_name = {field.name: field for field in self.fields}
        return tuple(
            SortView(name, "datetime", nullable=False)
            if name in _AUTOMATIC_SORT
            else SortView(name, _KEY_TYPES.get(by_name[name].type, "str"), by_name[name].nullable)
            for name in names
        )

    @property
    def sort_names(self) -> tuple[str, ...]:
        """What clients may ask for, `-` in front for descending."""
        return tuple(name for sort in self.design.list.sort for name in (sort, f"-{sort}"))

    @property
    def has_own_page_size(self) -> bool:
        assumed = ListOptions()
        return (self.design.list.page_size, self.design.list.max_page_size) != (assumed.page_size, assumed.max_page_size)

    @cached_property
    def filters(self) -> tuple[FilterView, ...]:
        return tuple(self._filters())

    def _filters(self) -> Iterable[FilterView]:
        keys = {key.name: key for key in self.keys}
        fields = {field.name: field for field in self.fields}
        for name in self.design.list.filter:
            if name in keys:
                yield FilterView(keys[name].column, keys[name].column, "==", "UUID")
                continue
            field = fields[name]
            yield FilterView(name, name, "==", field.query_type)
            for parameter, comparison in field.ranges:
                yield FilterView(parameter, name, comparison, field.query_type)

    @property
    def searched(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.name in self.design.list.search)

    # Tests

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
        return tuple(relation for relation in self.private if role not in ActionView(relation.target.resource, "read").roles)

    @property
    def unique(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.field.unique)

    @property
    def changed(self) -> FieldView | None:
        """The field that the tests of PATCH change: one with two values at least."""
        return next((field for field in self.fields if self.samples[field.name].first != self.samples[field.name].second), None)

    @property
    def omissible(self) -> tuple[FieldView, ...]:
        """The fields that a body may leave out."""
        return tuple(field for field in self.fields if field.default)

    @property
    def compared(self) -> tuple[FieldView, ...]:
        """The fields that are filtered or sorted by, and whose two sample values differ."""
        names = {filter.column for filter in self.filters} | {sort.name for sort in self.sorts}
        return tuple(field for field in self.fields if field.name in names and self.samples[field.name].first != self.samples[field.name].second)

    @property
    def is_scarce(self) -> bool:
        return self.own_capacity < PLENTY

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
        compared = {field.name for field in self.compared} | set(_AUTOMATIC_SORT)
        return tuple(name for name in self.design.list.sort if name in compared)

    @property
    def tested_searches(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.searched if field.max_length >= len(self.samples[field.name].word) and self.own_capacity > 1)

    @property
    def guarded(self) -> tuple[ActionView, ...]:
        return tuple(view for view in self.actions.values() if not view.is_public)

    @cached_property
    def samples(self) -> dict[str, Samples]:
        return {field.name: Samples(field) for field in self.fields}

    @cached_property
    def own_capacity(self) -> int:
        """How many rows there can be at all, as unique values and one-to-one targets run out."""
        unique = [self.samples[field.name].capacity for field in self.fields if field.field.unique and field.field.required]
        targets = [self.capacities.get(key.target.name, 1_000_000) for key in self.keys if key.relation.unique and not key.nullable]
        return min([*unique, *targets, 1_000_000])
