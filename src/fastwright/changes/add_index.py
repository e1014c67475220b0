"""Add an index to the table of a model, and the migration for it where the project has migrations."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from fastwright.changes.editing import columns, finding, revisions
from fastwright.changes.operation import Operation, ProjectPath
from fastwright.changes.outcome import Applied, Unchanged
from fastwright.changes.tree import Tree
from fastwright.changes.wanted import Identifier

if TYPE_CHECKING:
    from fastwright.changes.editing.document import Document
    from fastwright.changes.editing.index import ClassSite


_NAMED = re.compile(r"^\w+$")


def is_nameable(table: str, columns: Sequence[str]) -> bool:
    """Tell whether an index can be called after its table and its columns."""
    return bool(_NAMED.match(table)) and all(column.isidentifier() for column in columns)


class AddIndex(Operation):
    """`index=True` for one column, an `Index` in `__table_args__` for several, and one more revision of Alembic.

    `attributes` are those of the class, `columns` the same in the table. `name` is what the index is called; nothing
    means the name that SQLAlchemy gives it, `ix_<table>_<column>`. `alembic` is the path of `alembic.ini`, if there are
    migrations, and `day` the date of the new one.
    """

    file: ProjectPath
    line: int = Field(default=0, ge=0)
    model: str
    table: str = Field(pattern=_NAMED.pattern)
    attributes: tuple[Identifier, ...] = Field(min_length=1)
    columns: tuple[Identifier, ...] = Field(min_length=1)
    name: str = Field(default="", pattern=r"^\w*$")
    alembic: ProjectPath | Literal[""] = ""
    day: dt.date = dt.date(2000, 1, 1)

    def plan(self, tree: Tree) -> Applied | Unchanged:
        document = tree.document(self.file)
        found = finding.class_(document, self.model, self.line)
        if self._is_done(document, found.site):
            return Unchanged(reason=f"{self.file}:{found.site.line}: {self.model} has this index already")
        site = found.surely(lambda rival: self._is_done(document, rival))
        migration = self._migration(tree)
        if not self._add(document, site):
            return Unchanged(reason=f"{self.file}:{site.line}: the same was asked for before in this change")
        if migration is None:
            return Applied(files=(self.file,))
        path, text = migration
        tree.put(path, text.encode())
        return Applied(files=(self.file, path))

    def _is_done(self, document: Document, site: ClassSite) -> bool:
        if len(self.attributes) == 1 and columns.is_indexed(columns.declared(document, site, self.attributes[0])):
            return True
        return columns.has_table_index(site, self.columns)

    def _add(self, document: Document, site: ClassSite) -> bool:
        if len(self.attributes) == 1 and self._name == self._usual_name:
            return columns.add_index(document, site, columns.declared(document, site, self.attributes[0]))
        return columns.add_table_index(document, site, self._name, self.columns)

    def _migration(self, tree: Tree) -> tuple[str, str] | None:
        if not self.alembic:
            return None
        last = revisions.head(tree, self.alembic)
        name = f'op.f("{self._name}")' if "op.f(" in last.source else f'"{self._name}"'
        listed = ", ".join(f'"{column}"' for column in self.columns)
        unique = ", unique=False" if "unique=" in last.source else ""
        new = revisions.NewRevision(
            message=f"Index {self.table} by {' and '.join(self.columns)}",
            upgrade=[f'op.create_index({name}, "{self.table}", [{listed}]{unique})'],
            downgrade=[f'op.drop_index({name}, table_name="{self.table}")'],
            day=self.day,
        )
        return revisions.added(last, new)

    @property
    def _usual_name(self) -> str:
        return f"ix_{self.table}_{'_'.join(self.columns)}"

    @property
    def _name(self) -> str:
        return self.name or self._usual_name

    def explain(self) -> str:
        migration = ", with a migration" if self.alembic else ""
        return f"add an index on {', '.join(self.columns)} to {self.model} in {self.file}{migration}"
