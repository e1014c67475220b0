"""One resource under all the names that its package, its tests and its tables need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from fastwright.design import naming
from fastwright.design.model import Field, FieldType, Kept, ListOptions, Resource
from fastwright.scaffold.access import ACTIONS, ActionView
from fastwright.scaffold.columns import MODEL_TYPES
from fastwright.scaffold.fields import FieldView
from fastwright.scaffold.kept import AUTOMATIC, AutomaticView, shown
from fastwright.scaffold.keys import KeyView
from fastwright.scaffold.relations import RelationView
from fastwright.scaffold.text import article, docstring, word_set, words

AUTOMATIC_SORT = ("created_at", "updated_at")
# Names within the functions of `service.py` and `router.py`.
_LOCALS = word_set(
    """
    cache changes conflict connection data database etag filters find_referenced if_match if_none_match is_current name
    nested once page paginate problems queries router row rows service statement status value values
    """
)


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
    # What has to hold beside it.
    besides: str = ""


@dataclass(frozen=True)
class ResourceView:
    """A resource with its relations resolved."""

    design: Resource
    relations: tuple[RelationView, ...]
    label: Field | None
    is_referenced: bool

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
        """The plural in snake case, `order_items`; also the package below `app/`."""
        return self.design.plural

    @property
    def table(self) -> str:
        return naming.table_name(self.design)

    @property
    def key(self) -> KeyView:
        return KeyView.of(self.design)

    @property
    def kept(self) -> Kept | None:
        """The table that was there before."""
        return self.design.kept

    @property
    def automatic(self) -> tuple[AutomaticView, ...]:
        """The automatic columns of a table that is kept."""
        return tuple(AutomaticView(self.design.kept, name) for name in AUTOMATIC) if self.design.kept else ()

    def shown(self, member: str) -> str:
        """Return an attribute as a statement selects it."""
        return shown(self.design, member)

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
        return tuple(FieldView(self.design, field) for field in self.design.fields if field.type is not FieldType.FILE)

    @property
    def is_versioned(self) -> bool:
        """Whether the versions of the API know different fields."""
        return any(field.since or field.until for field in self.design.fields)

    def fields_in(self, version: int) -> tuple[FieldView, ...]:
        """Return the fields that a version of the API knows."""
        fields = ((view, view.field) for view in self.fields)
        return tuple(view for view, field in fields if (field.since or version) <= version <= (field.until or version))

    @cached_property
    def files(self) -> tuple[FieldView, ...]:
        """The fields that no body carries: each is uploaded and downloaded by itself."""
        return tuple(FieldView(self.design, field) for field in self.design.fields if field.type is FieldType.FILE)

    @property
    def enums(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.type is FieldType.ENUM)

    @property
    def aliases(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.alias)

    @property
    def partly_unique(self) -> tuple[str, ...]:
        """The columns whose values are unique among the rows that are not marked as deleted."""
        if not self.design.soft_delete:
            return ()
        fields = (field.name for field in self.fields if field.field.unique)
        return *fields, *(key.column for key in self.keys if key.relation.unique)

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
        return tuple(relation for relation in self.relations if relation.is_many or relation in self.checked_keys)

    @property
    def private_keys(self) -> tuple[RelationView, ...]:
        """The to-one relations whose target may be read by some callers only."""
        return tuple(key for key in self.written if key.target.condition)

    @property
    def checked_keys(self) -> tuple[RelationView, ...]:
        """The to-one relations whose target may be there, and yet not to be referred to."""
        return tuple(key for key in self.written if key.target.condition or key.target.is_soft)

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
    def stated_conditions(self) -> tuple[ActionView, ...]:
        """Those whose rows are changed, or looked up by others; what is shown has statements of its own."""
        shown = {"list"} if self.is_referenced else {"list", "read"}
        views = {view.condition: view for name, view in self.actions.items() if view.condition and name not in shown}
        return tuple(views.values())

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
            SortView(name, "dt.datetime", nullable=False)
            if name in AUTOMATIC_SORT
            else SortView(name, MODEL_TYPES[by_name[name].type], by_name[name].nullable)
            for name in names
        )

    @property
    def sort_names(self) -> tuple[str, ...]:
        """What clients may ask for, `-` in front for descending."""
        return tuple(name for sort in self.design.list.sort for name in (sort, f"-{sort}"))

    @property
    def has_own_page_size(self) -> bool:
        assumed = ListOptions()
        chosen = self.design.list
        return (chosen.page_size, chosen.max_page_size) != (assumed.page_size, assumed.max_page_size)

    @cached_property
    def filters(self) -> tuple[FilterView, ...]:
        return tuple(self._filters())

    def _filters(self) -> Iterable[FilterView]:
        keys = {key.name: key for key in self.keys}
        fields = {field.name: field for field in self.fields}
        for name in self.design.list.filter:
            if name in keys:
                yield self._key_filter(keys[name])
                continue
            field = fields[name]
            yield FilterView(name, name, "==", field.query_type)
            for parameter, comparison in field.ranges:
                yield FilterView(parameter, name, comparison, field.query_type)

    def _key_filter(self, key: RelationView) -> FilterView:
        target = key.target
        hidden = target.is_soft and key.nullable  # a required one cannot be marked as deleted
        besides = f"{self.name}.{key.name}.has({target.name}.deleted_at.is_(None))" if hidden else ""
        return FilterView(key.column, key.column, "==", target.key.in_path, besides)

    @property
    def searched(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.name in self.design.list.search)
