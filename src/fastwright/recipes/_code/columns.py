"""Tables that are to be: written as models in the style of the app, and as the operations of a migration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fastwright.recipes._app.tables import TableStyle

Kind = Literal["int", "str", "text", "bool", "datetime", "date", "float", "decimal", "uuid", "json"]

_PYTHON = {
    "int": "int",
    "str": "str",
    "text": "str",
    "bool": "bool",
    "datetime": "datetime",
    "date": "date",
    "float": "float",
    "decimal": "Decimal",
    "uuid": "UUID",
    "json": "dict[str, Any]",
}
_SQL = {
    "int": "Integer",
    "bool": "Boolean",
    "date": "Date",
    "float": "Float",
    "text": "Text",
    "uuid": "Uuid",
    "json": "JSON",
}
# What `Mapped[…]` tells by itself.
_TOLD_BY_ANNOTATION = frozenset({"int", "bool", "date", "float", "uuid"})


@dataclass(frozen=True)
class Column:
    """A column. `references` is the column of another table (`users.id`), `default` Python source."""

    name: str
    kind: Kind
    length: int = 0
    precision: int = 0
    scale: int = 0
    nullable: bool = False
    unique: bool = False
    index: bool = False
    key: bool = False
    references: str = ""
    on_delete: str = ""
    default: str = ""

    @property
    def python(self) -> str:
        """The type of its values."""
        return _PYTHON[self.kind] + (" | None" if self.nullable else "")

    @property
    def sql(self) -> str:
        """The type of the column, where nothing is said about its size, as a class."""
        match self.kind:
            case "str":
                return f"String({self.length})" if self.length else "String"
            case "decimal":
                return f"Numeric({self.precision}, {self.scale})"
            case "datetime":
                return "DateTime(timezone=True)"
            case _:
                return _SQL[self.kind]

    @property
    def foreign_key(self) -> str:
        on_delete = f', ondelete="{self.on_delete}"' if self.on_delete else ""
        return f'ForeignKey("{self.references}"{on_delete})'


@dataclass(frozen=True)
class Table:
    """A table and its model; `lines` are what the model has besides columns, such as relationships."""

    name: str
    model: str
    columns: tuple[Column, ...]
    purpose: str = ""
    lines: tuple[str, ...] = ()

    @property
    def key(self) -> Column:
        return next(column for column in self.columns if column.key)

    def code(self, style: TableStyle) -> str:
        """Return the model."""
        bases = "SQLModel, table=True" if style.style == "sqlmodel" else style.base[1]
        lines = [f"class {self.model}({bases}):"]
        if self.purpose:
            lines += [f'    """{self.purpose}"""', ""]
        if style.style != "sqlmodel" or self.name != self.model.lower():
            lines += [f'    __tablename__ = "{self.name}"', ""]
        columns = [column for column in self.columns if not (column.key and style.has_id and column.name == "id")]
        lines += [f"    {declaration(column, style)}" for column in columns]
        if self.lines:
            lines += ["", *(f"    {line}" for line in self.lines)]
        return "\n".join([*lines, "", ""])

    def creation(self) -> str:
        """Return the operations that create it."""
        lines = [f'op.create_table("{self.name}",']
        lines += [f"    {_revision(column)}," for column in self.columns]
        lines += [f"    {constraint}," for constraint in self._constraints()]
        lines.append(")")
        for column in self.columns:
            if column.index:
                name = f'op.f("ix_{self.name}_{column.name}")'
                lines.append(f'op.create_index({name}, "{self.name}", ["{column.name}"], unique={column.unique})')
        return "\n".join(lines)

    def _constraints(self) -> Iterator[str]:
        yield f'sa.PrimaryKeyConstraint("{self.key.name}")'
        for column in self.columns:
            if column.references:
                on_delete = f', ondelete="{column.on_delete}"' if column.on_delete else ""
                yield f'sa.ForeignKeyConstraint(["{column.name}"], ["{column.references}"]{on_delete})'
            if column.unique and not column.index:
                yield f'sa.UniqueConstraint("{column.name}")'

    def removal(self) -> str:
        """Return the operations that drop it."""
        drops = [
            f'op.drop_index(op.f("ix_{self.name}_{column.name}"), table_name="{self.name}")'
            for column in self.columns
            if column.index
        ]
        return "\n".join([*drops, f'op.drop_table("{self.name}")'])


def key_column(style: TableStyle) -> Column:
    """Return the primary key that the tables of an app have."""
    if style.key == "uuid":
        return Column("id", "uuid", key=True, default="uuid4")
    return Column("id", "int", key=True)


def declaration(column: Column, style: TableStyle) -> str:
    """Return a column as a model of the app declares it."""
    match style.style:
        case "mapped":
            return _mapped(column, is_dataclass=style.is_dataclass)
        case "column":
            return f"{column.name} = Column({', '.join(_arguments(column, is_typed=True, is_legacy=True))})"
        case "sqlmodel":
            return _sqlmodel(column)


def _mapped(column: Column, *, is_dataclass: bool) -> str:
    arguments = list(_arguments(column, is_typed=column.kind not in _TOLD_BY_ANNOTATION, is_legacy=False))
    arguments = [argument for argument in arguments if argument != "String"]
    if column.key and is_dataclass:
        arguments.insert(0, "init=False")
    value = f" = mapped_column({', '.join(arguments)})" if arguments else ""
    return f"{column.name}: Mapped[{column.python}]{value}"


def _arguments(column: Column, *, is_typed: bool, is_legacy: bool) -> Iterator[str]:
    if is_typed:
        yield column.sql
    if column.references:
        yield column.foreign_key
    if column.key:
        yield "primary_key=True"
    if column.unique:
        yield "unique=True"
    if column.index:
        yield "index=True"
    if is_legacy and not column.key:
        yield f"nullable={column.nullable}"
    if column.default:
        yield f"default={column.default}"


def _sqlmodel(column: Column) -> str:
    arguments: list[str] = []
    kind = column.python
    if column.key and column.kind == "int":
        kind, arguments = "int | None", ["default=None"]
    elif column.default:
        name = "default" if column.default[:1].isupper() or not column.default.isidentifier() else "default_factory"
        arguments = [f"{name}={column.default}"]
    elif column.nullable:
        arguments = ["default=None"]
    if column.length:
        arguments.append(f"max_length={column.length}")
    if column.precision:
        arguments += [f"max_digits={column.precision}", f"decimal_places={column.scale}"]
    if column.kind in ("text", "datetime", "json"):
        arguments.append(f"sa_type={column.sql}")
    if column.references:
        arguments.append(f'foreign_key="{column.references}"')
    if column.on_delete:
        arguments.append(f'ondelete="{column.on_delete}"')
    if column.key:
        arguments.append("primary_key=True")
    arguments += [f"{name}=True" for name in ("unique", "index") if getattr(column, name)]
    return f"{column.name}: {kind}" + (f" = Field({', '.join(arguments)})" if arguments else "")


def _revision(column: Column) -> str:
    kind = column.sql if "(" in column.sql else f"{column.sql}()"
    kind = kind.replace(f"String({column.length})", f"String(length={column.length})")
    return f'sa.Column("{column.name}", sa.{kind}, nullable={column.nullable})'
