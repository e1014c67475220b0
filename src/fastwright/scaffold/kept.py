"""The columns of tables that were there before, where they are not what the backend would make itself."""

from __future__ import annotations

from dataclasses import dataclass

from fastwright.design.model import Kept, Resource
from fastwright.scaffold.text import literal

AUTOMATIC = ("created_at", "updated_at", "version")


def shown(resource: Resource | None, member: str) -> str:
    """Return an attribute as a statement selects it: under its own name, if its column has another one."""
    kept = resource.kept if resource else None
    if kept is None:
        return member
    there = dict(kept.columns)
    if member in AUTOMATIC:
        name = AutomaticView(kept, member).column
    elif member == "id":
        name = kept.key
    else:
        name = there[member].name if member in there else member
    return member if name == member else f'{member}.label("{member}")'


@dataclass(frozen=True)
class AutomaticView:
    """A column that every resource has: one that was there before, or else one that is added."""

    kept: Kept
    name: str

    @property
    def is_added(self) -> bool:
        return self.name not in dict(self.kept.columns)

    @property
    def column(self) -> str:
        """The column of the database; `row_created_at` where `created_at` is there and means something else."""
        there = dict(self.kept.columns)
        if self.name in there:
            return there[self.name].name
        taken = {column.name.casefold() for column in there.values()}
        return f"row_{self.name}" if self.name in taken else self.name

    @property
    def python(self) -> str:
        return "int" if self.name == "version" else "datetime"

    @property
    def is_naive(self) -> bool:
        return not self.is_added and dict(self.kept.columns)[self.name].type == "naive"

    @property
    def mapped(self) -> str:
        """The arguments of `mapped_column`; empty where the column is as everywhere."""
        if self.column == self.name and not self.is_naive:
            return ""
        kind = ["NaiveUtc"] if self.is_naive else []
        made = {"version": ["default=1"], "updated_at": ["default=utc_now", "onupdate=utc_now"]}
        name, key = ([literal(self.column)], [f'key="{self.name}"']) if self.column != self.name else ([], [])
        return ", ".join([*name, *kind, *made.get(self.name, ["default=utc_now"]), *key])

    @property
    def migration_type(self) -> str:
        if self.name == "version":
            return "sa.Integer()"
        return "sa.DateTime()" if self.is_naive else "sa.DateTime(timezone=True)"
