"""Relations to many rows: what models, bodies and a migration have for one, with a key there or a table between."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import inflection

from fastwright.changes.add_column import AddColumn
from fastwright.changes.operation import Operation
from fastwright.changes.wanted import Import
from fastwright.design.naming import snake
from fastwright.project.model import Model
from fastwright.recipes._app.tables import TableStyle
from fastwright.recipes._code.columns import Column, Table, declaration
from fastwright.recipes._code.libraries import LIBRARIES


@dataclass(frozen=True)
class Related:
    """Rows of `target` that belong to one of the new table: `attribute` is the relationship, `name` what bodies have.

    Both keys are as columns that point at them. With a `between` it is a table of pairs, else `target` has the key.
    Only rows of the caller may be meant where there is a `target_owner`.
    """

    attribute: str
    target: Model
    own_key: Column
    their_key: Column
    sample: object
    between: str
    target_owner: str = ""

    @property
    def name(self) -> str:
        return f"{inflection.singularize(self.attribute)}_{self.key}s"

    @property
    def key(self) -> str:
        """The name of the key of the other rows."""
        return self.their_key.references.rpartition(".")[2]

    @property
    def python(self) -> str:
        """The type of that key."""
        return self.their_key.python

    @property
    def words(self) -> str:
        return snake(self.target.name).replace("_", " ")

    @property
    def create(self) -> str:
        return f"{self.name}: list[{self.python}] = Field(default=[], max_length=100)"

    @property
    def update(self) -> str:
        return f"{self.name}: list[{self.python}] | None = Field(default=None, max_length=100)"

    @property
    def read(self) -> str:
        return f"{self.name}: list[{self.python}]"

    def relationship(self, style: TableStyle) -> str:
        """Return the relationship of the model."""
        target = self.target.name
        match style.style:
            case "sqlmodel":
                link = f"link_model={inflection.camelize(self.between)}, " if self.between else ""
                given = f'{link}sa_relationship_kwargs={{"lazy": "selectin"}}'
                return f"{self.attribute}: list[{target}] = Relationship({given})"
            case "column":
                return f'{self.attribute} = relationship("{target}", {self._secondary}lazy="selectin")'
            case "mapped":
                hidden = ", init=False, repr=False" if style.is_dataclass else ""
                given = f'{self._secondary}lazy="selectin"{hidden}'
                return f"{self.attribute}: Mapped[list[{target}]] = relationship({given})"

    def key_lines(self) -> Iterator[str]:
        """Yield the lines of the property that gives the keys of the rows, as answers show them."""
        one = inflection.singularize(self.attribute)
        yield from ("", "@property", f"def {self.name}(self) -> list[{self.python}]:")
        yield f"    return sorted({one}.{self.key} for {one} in self.{self.attribute})"

    @property
    def _secondary(self) -> str:
        return f"secondary={self.between}, " if self.between else ""

    def pairs(self, style: TableStyle) -> str:
        """Return the table between, as the app declares tables."""
        columns = (self.own_key, self.their_key)
        if style.style == "sqlmodel":
            lines = [f"class {inflection.camelize(self.between)}(SQLModel, table=True):"]
            lines += [f'    __tablename__ = "{self.between}"', ""]
            for one in columns:
                given = f'foreign_key="{one.references}", ondelete="CASCADE", primary_key=True'
                lines.append(f"    {one.name}: {one.python} = Field({given})")
        else:
            lines = [f'{self.between} = Table("{self.between}", {style.base[1]}.metadata,']
            for one in columns:
                lines.append(f'    Column("{one.name}", {one.foreign_key}, primary_key=True),')
            lines.append(")")
        return "\n".join([*lines, "", ""])

    def column(self, style: TableStyle) -> Operation | None:
        """Return the operation that gives the other model its key, where there is no table between."""
        if self.between or not self.target.file:
            return None
        code = declaration(self.own_key, style)
        used = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
        libraries = dict(LIBRARIES)
        if style.style == "sqlmodel":
            libraries["Field"] = Import(module="sqlmodel", name="Field")
        return AddColumn(
            file=self.target.file,
            line=self.target.line or 0,
            class_name=self.target.name,
            name=self.own_key.name,
            code=code,
            imports=tuple(libraries[name] for name in sorted(used) if name in libraries),
        )

    def upgrade(self) -> str:
        """Return what a migration does for it, when the new table is there."""
        if self.between:
            columns = [f'    sa.Column("{one.name}", sa.{_type(one)}, nullable=False),' for one in self._keys]
            keys = [
                f'    sa.ForeignKeyConstraint(["{one.name}"], ["{one.references}"], ondelete="CASCADE"),'
                for one in self._keys
            ]
            names = ", ".join(f'"{one.name}"' for one in self._keys)
            lines = [
                f'op.create_table("{self.between}",',
                *columns,
                *keys,
                f"    sa.PrimaryKeyConstraint({names}),",
                ")",
            ]
            return "\n".join(lines)
        key, table = self.own_key, self.target.table
        there, _dot, column = key.references.rpartition(".")
        return "\n".join(
            (
                f'with op.batch_alter_table("{table}") as batch_op:',
                f'    batch_op.add_column(sa.Column("{key.name}", sa.{_type(key)}, nullable=True))',
                f'    batch_op.create_foreign_key("{self._constraint}", "{there}", ["{key.name}"], ["{column}"])',
                f'    batch_op.create_index(op.f("ix_{table}_{key.name}"), ["{key.name}"])',
            )
        )

    def downgrade(self) -> str:
        """Return what takes that back, while the new table is there."""
        if self.between:
            return f'op.drop_table("{self.between}")'
        table = self.target.table
        return "\n".join(
            (
                f'with op.batch_alter_table("{table}") as batch_op:',
                f'    batch_op.drop_index(op.f("ix_{table}_{self.own_key.name}"))',
                f'    batch_op.drop_constraint("{self._constraint}", type_="foreignkey")',
                f'    batch_op.drop_column("{self.own_key.name}")',
            )
        )

    @property
    def _keys(self) -> tuple[Column, Column]:
        return self.own_key, self.their_key

    @property
    def _constraint(self) -> str:
        return f"fk_{self.target.table}_{self.own_key.name}"


def new_tables(new: Table, related: tuple[Related, ...], style: TableStyle) -> tuple[str, Table]:
    """Return the tables between, as code, and the new table with its relationships."""
    between = "".join(f"{one.pairs(style)}\n" for one in related if one.between)
    relationships = [one.relationship(style) for one in related]
    lines = [line for one in related for line in one.key_lines()]
    return between, Table(new.name, new.model, new.columns, new.purpose, (*relationships, *lines))


def _type(column: Column) -> str:
    if column.length:
        return f"String(length={column.length})"
    return column.sql if "(" in column.sql else f"{column.sql}()"
