"""One field of a resource: its types in the model, the schemas and the migration."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from fastwright.design import naming
from fastwright.design.model import Field, FieldType, Resource
from fastwright.scaffold.numbers import decimal_pattern, decimal_range
from fastwright.scaffold.text import docstring, literal

EMAIL_LENGTH = 254
URL_LENGTH = 2_000
ENUM_LENGTH = 40
INT_RANGE = (-(2**31), 2**31 - 1)
STR_LENGTH = 255
TEXT_LENGTH = 10_000
DIGITS = (12, 2)

_MODEL_TYPES = {
    FieldType.STR: "str",
    FieldType.TEXT: "str",
    FieldType.INT: "int",
    FieldType.DECIMAL: "Decimal",
    FieldType.BOOL: "bool",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.UUID: "UUID",
    FieldType.JSON: "Any",
    FieldType.EMAIL: "str",
    FieldType.URL: "str",
}
_SCHEMA_TYPES = {
    FieldType.BOOL: "StrictBool",
    FieldType.DATE: "Date",
    FieldType.DATETIME: "Timestamp",
    FieldType.UUID: "UUID",
    FieldType.JSON: "Json",
    FieldType.EMAIL: "Email",
    FieldType.URL: "Url",
}
_SHORT_TEXT = frozenset({FieldType.STR, FieldType.EMAIL, FieldType.URL, FieldType.ENUM})
# What `schemas.py` imports: an alias of that name would hide it.
_TAKEN = frozenset(
    {"Any", "Annotated", "Date", "Decimal", "Email", "Exact", "Field", "Int32", "Int64", "Json", "Line", "Literal", "Text", "TextForm", "Timestamp"}
    | {"Url", "UUID", "BaseModel", "ConfigDict", "NotSent", "PageParams", "StrictBool"}
)


@dataclass(frozen=True)
class FieldView:
    """A field under the types that each layer gives it."""

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
        python = self.enum_class if self.type is FieldType.ENUM else _MODEL_TYPES[self.type]
        return f"{python} | None" if self.nullable and self.type is not FieldType.JSON else python

    @property
    def column(self) -> str:
        """The arguments of `mapped_column`; empty where the annotation says it all."""
        arguments = [self._column_type] if self._column_type else []
        if self.type is FieldType.JSON:
            arguments.append(f"nullable={self.nullable}")
        if self.field.unique:
            arguments.append("unique=True")
        return ", ".join(arguments)

    @property
    def _column_type(self) -> str:
        precision, scale = self.digits
        types = {
            FieldType.TEXT: "sa.Text",
            FieldType.INT: "sa.BigInteger" if self.is_wide else "",
            FieldType.DECIMAL: f"ExactDecimal({precision}, {scale})",
            FieldType.JSON: "sa.JSON",
            FieldType.ENUM: f'text_enum({self.enum_class}, "{self.name}")',
        }
        if self.type in {FieldType.STR, FieldType.EMAIL, FieldType.URL}:
            return f"sa.String({self.max_length})"
        return types.get(self.type, "")

    @property
    def check(self) -> str:
        """The check constraint of the bounds; empty where the column's type already says it, or SQL differs."""
        column = f'"{self.name}"'
        parts: list[str] = []
        for bound, comparison, widest in ((self.field.minimum, ">=", self._widest[0]), (self.field.maximum, "<=", self._widest[1])):
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
        types = {
            FieldType.TEXT: "sa.Text()",
            FieldType.INT: "sa.BigInteger()" if self.is_wide else "sa.Integer()",
            FieldType.DECIMAL: f'sa.Numeric({precision}, {scale}).with_variant(sa.BigInteger(), "sqlite")',
            FieldType.BOOL: "sa.Boolean()",
            FieldType.DATE: "sa.Date()",
            FieldType.DATETIME: "sa.DateTime(timezone=True)",
            FieldType.UUID: "sa.Uuid()",
            FieldType.JSON: "sa.JSON()",
            FieldType.ENUM: f"sa.String(length={ENUM_LENGTH})",
        }
        return types.get(self.type, f"sa.String(length={self.max_length})")

    @property
    def enum_check(self) -> str:
        return f"\"{self.name}\" IN ({', '.join(repr(value) for value in self.field.values)})"

    # Schemas

    @cached_property
    def alias(self) -> str:
        """The name of the annotated type in `schemas.py`; empty where no type of its own is needed."""
        if self.type in _SCHEMA_TYPES or self.type is FieldType.ENUM:
            if not self.field.description:
                return ""
        name = naming.pascal(self.name)
        clashes = _TAKEN | set(naming.class_names(self.resource)) | {f"{relation.target}Ref" for relation in self.resource.relations}
        return f"{name}Value" if name in clashes else name

    @property
    def annotation(self) -> str:
        """What the alias stands for, written out."""
        constraints = [f"{key}={value}" for key, value in self._constraints().items()]
        if self.field.description:
            constraints.append(f"description={literal(self.field.description)}")
        parts = [self._schema_base]
        if constraints:
            parts.append(f"Field({', '.join(constraints)})")
        if self.type is FieldType.DECIMAL:
            parts.append(f'TextForm("decimal", {self.text_length}, r"{self.pattern}")')
        return f"Annotated[{', '.join(parts)}]" if len(parts) > 1 else parts[0]

    @property
    def schema_type(self) -> str:
        return self.alias or self._schema_base

    @property
    def query_type(self) -> str:
        """The type of a query parameter, which comes as text."""
        if self.type is FieldType.BOOL:
            return "bool"
        if self.type is FieldType.INT:
            bounds = ", ".join(f"{key}={value}" for key, value in self._constraints().items())
            return f'Annotated[int, Field({bounds}, json_schema_extra={{"format": "{"int64" if self.is_wide else "int32"}"}})]'
        return self.schema_type

    @property
    def label_type(self) -> str:
        """The type within a reference, which stands in a module of its own."""
        return f"Annotated[Line, Field(max_length={self.max_length})]"

    @property
    def _schema_base(self) -> str:
        bases = {FieldType.STR: "Line", FieldType.TEXT: "Text", FieldType.INT: "Int64" if self.is_wide else "Int32", FieldType.DECIMAL: "Exact"}
        if self.type is FieldType.ENUM:
            return self.enum_class
        return bases.get(self.type) or _SCHEMA_TYPES[self.type]

    def _constraints(self) -> dict[str, str]:
        if self.type in {FieldType.STR, FieldType.TEXT}:
            lengths = {"min_length": str(self.min_length)} if self.min_length else {}
            return lengths | {"max_length": f"{self.max_length:_}"}
        if self.type is FieldType.INT:
            return {"ge": f"{int(self.bounds[0]):_}", "le": f"{int(self.bounds[1]):_}"}
        if self.type is FieldType.DECIMAL:
            return self._decimal_constraints()
        return {}

    def _decimal_constraints(self) -> dict[str, str]:
        precision, scale = self.digits
        constraints = {"max_digits": str(precision), "decimal_places": str(scale)}
        for key, bound in (("ge", self.field.minimum), ("le", self.field.maximum)):
            if bound is not None:
                constraints[key] = _decimal(bound)
        return constraints

    @property
    def pattern(self) -> str:
        return decimal_pattern(*self.bounds, self.digits[1])

    @property
    def text_length(self) -> int:
        """The length of the longest text of a decimal: digits, point and sign."""
        precision, scale = self.digits
        return precision + bool(scale) + (self.bounds[0] < 0) + (precision == scale)

    @property
    def default(self) -> str:
        """The default as Python; empty if there is none."""
        value = self.field.default
        if value is None:
            return "None" if self.nullable else ""
        if self.type is FieldType.ENUM:
            return self.member(str(value))
        if self.type is FieldType.DECIMAL:
            return f'Decimal("{value}")'
        wrappers = {
            FieldType.DATE: "date.fromisoformat({})",
            FieldType.DATETIME: "datetime.fromisoformat({})",
            FieldType.UUID: "UUID({})",
        }
        return wrappers.get(self.type, "{}").format(literal(value if isinstance(value, bool | int) else str(value)))

    # Capabilities

    @property
    def ranges(self) -> tuple[tuple[str, str], ...]:
        """The range filters: parameter and comparison."""
        comparisons = (">=", "<=")
        return tuple(zip(naming.filter_names(self.field)[1:], comparisons, strict=False))

    @property
    def is_short_text(self) -> bool:
        return self.type in _SHORT_TEXT


def _decimal(value: Decimal) -> str:
    if value == value.to_integral_value():
        return f"{int(value):_}"
    return f'Decimal("{value}")'
