"""One relation of a resource: its foreign key or association table, and how it is read and written."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass

from fastwright.design import naming
from fastwright.design.model import Field, KeptColumn, Relation, Resource
from fastwright.scaffold.access import ActionView
from fastwright.scaffold.kept import shown
from fastwright.scaffold.keys import KeyView
from fastwright.scaffold.text import article, docstring, literal

# More rows than one test makes.
PLENTY = 100


@dataclass(frozen=True)
class Target:
    """The other end of a relation: `User`, which the platform has, or a resource of the design."""

    name: str
    table: str
    package: str
    resource: Resource | None
    label: Field | None

    @property
    def singular(self) -> str:
        return naming.snake(self.name)

    @property
    def key(self) -> KeyView:
        return KeyView.of(self.resource)

    def shown(self, member: str) -> str:
        """Return an attribute as a statement selects it."""
        return shown(self.resource, member)

    @property
    def route(self) -> str:
        """The path segment."""
        return naming.route_segment(self.resource) if self.resource else naming.USERS

    @property
    def is_soft(self) -> bool:
        """Whether its rows are marked as deleted, and stay."""
        return bool(self.resource and self.resource.soft_delete)

    @property
    def label_name(self) -> str:
        """The column that stands for the row in a reference; empty where there is none to show."""
        if self.resource is None:
            return "display_name"
        return self.label.name if self.label else ""

    @property
    def columns(self) -> tuple[str, ...]:
        return ("id", self.label_name) if self.label_name else ("id",)

    @property
    def ref_class(self) -> str:
        return f"{self.name}Ref"

    @property
    def ref_module(self) -> str:
        return "app.users.schemas" if self.resource is None else f"app.{self.package}.refs"

    @property
    def condition(self) -> str:
        """The function of the target's `queries.py` that says which rows a caller may read; empty for all."""
        return ActionView(self.resource, "read").condition if self.resource else ""

    @property
    def readers(self) -> tuple[str, ...]:
        """The roles that read everybody's rows of the target."""
        return ActionView(self.resource, "read").roles if self.resource else ()

    @property
    def owner_column(self) -> str:
        owner = self.resource.owner if self.resource else None
        return f"{owner}_id" if owner else ""


@dataclass(frozen=True)
class RelationView:
    """A relation under all the names that the generated code needs."""

    resource: Resource
    relation: Relation
    target: Target
    # Joined more than once in one statement, so that each join needs a name of its own.
    needs_alias: bool
    # More than one foreign key between the two tables.
    is_ambiguous: bool
    # Part of a cycle: the constraint is made after both tables.
    is_deferred: bool
    # How many rows of each resource there can be.
    capacities: Mapping[str, int]

    @property
    def name(self) -> str:
        return self.relation.name

    @property
    def own_singular(self) -> str:
        """The variable name of this side, `order_item`."""
        return naming.variable_name(self.resource)

    @property
    def own_table(self) -> str:
        return naming.table_name(self.resource)

    @property
    def own_key(self) -> KeyView:
        return KeyView.of(self.resource)

    @property
    def own_article(self) -> str:
        return article(self.own_singular)

    @property
    def is_many(self) -> bool:
        return self.relation.kind == "many_to_many"

    @property
    def is_owner(self) -> bool:
        return self.relation.name == self.resource.owner

    @property
    def is_self(self) -> bool:
        return self.relation.target == self.resource.name

    @property
    def nullable(self) -> bool:
        return not self.relation.required

    @property
    def description(self) -> str:
        return docstring(self.relation.description)

    # To one

    @property
    def column(self) -> str:
        return naming.column_name(self.relation)

    @property
    def kept(self) -> KeptColumn | None:
        """The column that was there before."""
        return naming.kept_column(self.resource, self.name)

    @property
    def stored_column(self) -> str:
        """The column of the database."""
        return self.kept.name if self.kept else self.column

    @property
    def constraint(self) -> str:
        return f"fk_{self.resource.plural}_{self.column}_{self.target.table}"

    @property
    def on_delete(self) -> str:
        return "SET NULL" if self.nullable else "RESTRICT"

    @property
    def column_arguments(self) -> str:
        key = f'"{self.target.table}.id", ondelete="{self.on_delete}"'
        if self.is_deferred:
            key += f', use_alter=True, name="{self.constraint}"'
        name = f"{literal(self.stored_column)}, " if self.stored_column != self.column else ""
        renamed = f', key="{self.column}"' if name else ""
        marks = [*(["unique=True"] if self.is_unique else ["index=True"] if self.kept is None else [])]
        return ", ".join([f"{name}sa.ForeignKey({key})", *marks]) + renamed

    @property
    def is_unique(self) -> bool:
        """Whether no two rows of the table, deleted ones included, may refer to the same."""
        return self.relation.unique and not self.resource.soft_delete

    @property
    def needs_live_target(self) -> bool:
        """Whether a row must not refer to one that is marked as deleted."""
        return self.target.is_soft and not self.nullable

    @property
    def relationship_arguments(self) -> str:
        if self.is_many:
            return self._association_arguments
        arguments = [f"foreign_keys=[{self.column}]"] if self.is_ambiguous else []
        if self.is_self:
            arguments.append(f'remote_side="{self.resource.name}.id"')
        return ", ".join([*arguments, 'lazy="raise"'])

    @property
    def joined(self) -> str:
        """The entity as the statement names it: the class, or an alias of it."""
        return self.alias if self.needs_alias else self.target.name

    @property
    def alias(self) -> str:
        taken = self.name in {"sa", "user", "aliased", "cache"} or hasattr(builtins, self.name)
        return f"{self.name}_row" if taken else self.name

    @property
    def target_is_scarce(self) -> bool:
        """Whether tests may run out of targets, as their unique values are few."""
        return self.capacities.get(self.target.name, PLENTY) < PLENTY

    @property
    def maker(self) -> str:
        """The factory of the target."""
        return f"{'find_or_make' if self.target_is_scarce else 'make'}_{self.target.singular}"

    @property
    def readable_by_user(self) -> str:
        """The argument that lets the `user` of a test read the target; empty where everybody may."""
        return f", {self.target.owner_column}=user.id" if self.target.condition else ""

    # Many to many

    @property
    def is_kept_join(self) -> bool:
        return bool(self.resource.kept and self.name in dict(self.resource.kept.joins))

    @property
    def table(self) -> str:
        return naming.association_table(self.resource, self.relation)

    @property
    def own_column(self) -> str:
        return naming.association_columns(self.resource, self.relation)[0]

    @property
    def other_column(self) -> str:
        return naming.association_columns(self.resource, self.relation)[1]

    @property
    def ids(self) -> str:
        return naming.ids_name(self.relation)

    @property
    def _association_arguments(self) -> str:
        arguments = [f"secondary={self.table}"]
        if self.is_self:
            own = f"{self.table}.c.{self.own_column}"
            other = f"{self.table}.c.{self.other_column}"
            arguments.append(f"primaryjoin=lambda: {self.resource.name}.id == {own}")
            arguments.append(f"secondaryjoin=lambda: {self.resource.name}.id == {other}")
        return ", ".join([*arguments, 'lazy="raise"', "passive_deletes=True"])
