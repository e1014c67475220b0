"""One field of a resource as a column: its types in the model and in the migration."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fastwright.design import naming
from fastwright.design.model import Field, FieldType, KeptColumn, Resource
from fastwright.scaffold.numbers import decimal_range
from fastwright.scaffold.text import docstring, literal

EMAIL_LENGTH = 254
URL_LENGTH = 2_000
ENUM_LENGTH = 40
INT_RANGE = (-(2**31), 2**31 - 1)
STR_LENGTH = 255
TEXT_LENGTH = 10_000
DIGITS = (12, 2)

MODEL_TYPES = {
    FieldType.STR: "str",
    FieldType.TEXT: "str",
    FieldType.INT: "int",
    FieldType.DECIMAL: "Decimal",
    FieldType.BOOL: "bool",
    FieldType.DATE: "dt.date",
    FieldType.DATETIME: "dt.datetime",
    FieldType.UUID: "UUID",
    FieldType.JSON: "Any",
    FieldType.EMAIL: "str",
    FieldType.URL: "str",
    FieldType.FILE: "StoredFile",
}


@dataclass(frozen=True)
class ColumnView:
    """A field as a column: its bounds, and its types in the model and the migration."""

    resource: Resource
    field: Field

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def type(self) -> FieldType:
        return self.field.type

    @property
    def nullable(self) -> bool:
        return not self.field.required

    @property
    def description(self) -> str:
        return docstring(self.field.description)

    # Bounds

    @property
    def min_length(self) -> int:
        return self.field.min_length or 0

    @property
    def max_length(self) -> int:
        fixed = {FieldType.EMAIL: EMAIL_LENGTH, FieldType.URL: URL_LENGTH, FieldType.TEXT: TEXT_LENGTH}
        return self.field.max_length or fixed.get(self.type, STR_LENGTH)

    @property
    def digits(self) -> tuple[int, int]:
        """Precision and scale."""
        precision, scale = self.field.precision, self.field.scale
        return (precision, scale) if precision is not None and scale is not None else DIGITS

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and greatest number, be it by declaration or by the column."""
        least, greatest = (Decimal(INT_RANGE[0]), Decimal(INT_RANGE[1]))
        if self.type is FieldType.DECIMAL:
            least, greatest = decimal_range(*self.digits)
        minimum, maximum = self.field.minimum, self.field.maximum
        return (least if minimum is None else minimum), (greatest if maximum is None else maximum)

    @property
    def is_wide(self) -> bool:
        """Whether the whole number needs a 64-bit column."""
        return self.bounds[0] < INT_RANGE[0] or self.bounds[1] > INT_RANGE[1]

    # Enum

    @property
    def enum_class(self) -> str:
        return naming.enum_class(self.resource, self.field)

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """The enum's members and their values."""
        return tuple((naming.enum_member(value), value) for value in self.field.values)

    def member(self, value: str) -> str:
        return f"{self.enum_class}.{naming.enum_member(value)}"

    # Model

    @property
    def mapped(self) -> str:
        python = self.enum_class if self.type is FieldType.ENUM else MODEL_TYPES[self.type]
        return f"{python} | None" if self.nullable and self.type is not FieldType.JSON else python

    @property
    def kept(self) -> KeptColumn | None:
        """The column that was there before."""
        return naming.kept_column(self.resource, self.name)

    @property
    def stored_column(self) -> str:
        """The column of the database."""
        return self.kept.name if self.kept else self.name

    @property
    def column(self) -> str:
        """The arguments of `mapped_column`; empty where the annotation says it all."""
        arguments = [literal(self.stored_column)] if self.stored_column != self.name else []
        arguments += [self._column_type] if self._column_type else []
        if self.type is FieldType.JSON:
            arguments.append(f"nullable={self.nullable}")
        if self.field.unique and not self.resource.soft_delete:
            arguments.append("unique=True")
        if self.stored_column != self.name:
            arguments.append(f'key="{self.name}"')
        return ", ".join(arguments)

    @property
    def _column_type(self) -> str:
        precision, scale = self.digits
        if self.kept and self.kept.type:
            kept = {"number": f"PlainDecimal({precision}, {scale})", "naive": "NaiveUtc", "jsonb": "AnyJson"}
            return kept.get(self.kept.type) or f"native_enum({self.enum_class}, {literal(self.kept.native)})"
        types = {
            FieldType.TEXT: "sa.Text",
            FieldType.INT: "sa.BigInteger" if self.is_wide else "",
            FieldType.DECIMAL: f"ExactDecimal({precision}, {scale})",
            FieldType.JSON: "sa.JSON",
            FieldType.FILE: "sa.JSON(none_as_null=True)",
            FieldType.ENUM: f'text_enum({self.enum_class}, "{self.name}")',
        }
        if self.type in {FieldType.STR, FieldType.EMAIL, FieldType.URL}:
            return f"sa.String({self.max_length})"
        return types.get(self.type, "")

    @property
    def check(self) -> str:
        """The check constraint of the bounds; empty where the column's type already says it, or SQL differs."""
        column = f'"{self.stored_column}"'
        parts: list[str] = []
        ends = ((self.field.minimum, ">=", self._widest[0]), (self.field.maximum, "<=", self._widest[1]))
        for bound, comparison, widest in ends:
            # A decimal is a scaled integer on SQLite: only zero is the same number on every database.
            portable = self.type is FieldType.INT or (self.type is FieldType.DECIMAL and bound == 0)
            if bound is not None and portable and bound != widest:
                parts.append(f"{column} {comparison} {int(bound)}")
        return " AND ".join(parts)

    @property
    def _widest(self) -> tuple[int, int]:
        return (-(2**53 - 1), 2**53 - 1) if self.is_wide else INT_RANGE

    # Migration

    @property
    def migration_type(self) -> str:
        precision, scale = self.digits
        if self.kept and self.kept.type:
            values = ", ".join(literal(value) for value in self.field.values)
            kept = {
                "number": f"sa.Numeric({precision}, {scale})",
                "naive": "sa.DateTime()",
                "jsonb": 'sa.JSON().with_variant(JSONB(), "postgresql")',
            }
            return kept.get(self.kept.type) or f"sa.Enum({values}, name={literal(self.kept.native)})"
        types = {
            FieldType.TEXT: "sa.Text()",
            FieldType.INT: "sa.BigInteger()" if self.is_wide else "sa.Integer()",
            FieldType.DECIMAL: f'sa.Numeric({precision}, {scale}).with_variant(sa.BigInteger(), "sqlite")',
            FieldType.BOOL: "sa.Boolean()",
            FieldType.DATE: "sa.Date()",
            FieldType.DATETIME: "sa.DateTime(timezone=True)",
            FieldType.UUID: "sa.Uuid()",
            FieldType.JSON: "sa.JSON()",
            FieldType.FILE: "sa.JSON()",
            FieldType.ENUM: f"sa.String(length={ENUM_LENGTH})",
        }
        return types.get(self.type, f"sa.String(length={self.max_length})")

    @property
    def enum_check(self) -> str:
        return f'"{self.stored_column}" IN ({", ".join(repr(value) for value in self.field.values)})'
