"""One field of a resource in the schemas: how it is annotated, and what it may be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from fastwright.design import naming
from fastwright.design.model import FieldType
from fastwright.scaffold.columns import ColumnView
from fastwright.scaffold.numbers import decimal_pattern
from fastwright.scaffold.text import literal, word_set, words

_BASES = {FieldType.STR: "Line", FieldType.TEXT: "Text", FieldType.DECIMAL: "Exact"}
_SCHEMA_TYPES = {
    FieldType.BOOL: "StrictBool",
    FieldType.DATE: "Date",
    FieldType.DATETIME: "Timestamp",
    FieldType.UUID: "UUID",
    FieldType.JSON: "Json",
    FieldType.EMAIL: "Email",
    FieldType.URL: "Url",
}
# Of a table that was there before.
_STORED = {
    FieldType.STR: "Stored",
    FieldType.TEXT: "Stored",
    FieldType.INT: "StoredInt",
    FieldType.DECIMAL: "StoredDecimal",
}
# What `schemas.py` imports: an alias of that name would hide it.
_TAKEN = word_set(
    """
    Annotated Any BaseModel ConfigDict Date Decimal Email Exact Field Int32 Int64 Json Line Literal Moment NotSent
    PageParams Stored StoredDecimal StoredInt StrictBool Text TextForm Timestamp UUID Url Version
    """
)


@dataclass(frozen=True)
class FieldView(ColumnView):
    """A field under the types that each layer gives it."""

    @cached_property
    def alias(self) -> str:
        """The name of the annotated type in `schemas.py`; empty where no type of its own is needed."""
        is_plain = self.type in _SCHEMA_TYPES or self.type is FieldType.ENUM
        if is_plain and not self.field.description:
            return ""
        name = naming.pascal(self.name)
        references = {f"{relation.target}Ref" for relation in self.resource.relations}
        clashes = _TAKEN | references | set(naming.class_names(self.resource))
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
    def rule(self) -> str:
        """The constant that says what may be uploaded for a file."""
        return f"{self.name.upper()}_FILE"

    @property
    def route(self) -> str:
        """The path segment of a file, below that of its row."""
        return naming.kebab(self.name)

    @property
    def words(self) -> str:
        return words(self.name)

    @property
    def shown_type(self) -> str:
        """What a row shows of a file."""
        described = f"Annotated[ShownFile, Field(description={literal(self.field.description)})]"
        return described if self.field.description else "ShownFile"

    @property
    def schema_type(self) -> str:
        return self.alias or self._schema_base

    @property
    def read_type(self) -> str:
        """The type in what is shown; rows that were there before may be longer or greater than what is accepted."""
        if self.kept is None:
            return self.schema_type
        return _STORED.get(self.type, self.schema_type)

    @property
    def create_type(self) -> str:
        """The type in the body that creates: a tiny default is shown as it would be sent, without an exponent."""
        value = self.field.default
        if isinstance(value, Decimal) and "E" in str(value):
            return f'Annotated[{self.schema_type}, Field(json_schema_extra={{"default": "{value:f}"}})]'
        return self.schema_type

    @property
    def query_type(self) -> str:
        """The type of a query parameter, which comes as text."""
        if self.type is FieldType.BOOL:
            return "bool"
        if self.type is FieldType.INT:
            bounds = ", ".join(f"{key}={value}" for key, value in self._constraints().items())
            width = "int64" if self.is_wide else "int32"
            return f'Annotated[int, Field({bounds}, json_schema_extra={{"format": "{width}"}})]'
        return self.schema_type

    @property
    def label_type(self) -> str:
        """The type within a reference, which stands in a module of its own."""
        return "Stored" if self.kept else f"Annotated[Line, Field(max_length={self.max_length})]"

    @property
    def _schema_base(self) -> str:
        if self.type is FieldType.ENUM:
            return self.enum_class
        if self.type is FieldType.INT:
            return "Int64" if self.is_wide else "Int32"
        return _BASES.get(self.type) or _SCHEMA_TYPES[self.type]

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
        # Pydantic counts the zero of `0` as a digit, but not that of `0.5`: without whole digits, it needs room.
        fraction_only = precision == scale
        constraints = {"max_digits": str(precision + fraction_only), "decimal_places": str(scale)}
        declarations = (self.field.minimum, self.field.maximum)
        for key, declared, bound in zip(("ge", "le"), declarations, self.bounds, strict=True):
            if declared is not None or fraction_only:
                constraints[key] = str(int(bound)) if bound == int(bound) else decimal_literal(bound)
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
            return decimal_literal(Decimal(str(value)))
        wrappers = {
            FieldType.DATE: "dt.date.fromisoformat({})",
            FieldType.DATETIME: "dt.datetime.fromisoformat({})",
            FieldType.UUID: "UUID({})",
        }
        return wrappers.get(self.type, "{}").format(literal(value if isinstance(value, bool | int) else str(value)))

    @property
    def ranges(self) -> tuple[tuple[str, str], ...]:
        """The range filters: parameter and comparison."""
        comparisons = (">=", "<=")
        return tuple(zip(naming.filter_names(self.field)[1:], comparisons, strict=False))


def decimal_literal(value: Decimal) -> str:
    """Return the Python for a decimal."""
    whole = value == value.to_integral_value()
    return f"Decimal({int(value):_})" if whole else f'Decimal("{value}")'
