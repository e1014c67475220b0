"""The kinds of values that schemas share: what each looks like in JSON, and what is refused before it is stored."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a value is written as a JSON string. Without it, Pydantic would take numbers for dates, too."""

    format: str
    max_length: int
    pattern: str

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return self.schema

    @property
    def schema(self) -> JsonSchemaValue:
        """What is said of it in a JSON schema."""
        return {"type": "string", "format": self.format, "maxLength": self.max_length, "pattern": self.pattern}

    def _validate(self, value: object, handler: ValidatorFunctionWrapHandler) -> object:
        # The type goes first: what it says about a value out of range is clearer than a pattern.
        validated = handler(value)
        written_well = isinstance(value, Decimal | date) or (
            isinstance(value, str) and re.fullmatch(self.pattern, value) is not None
        )
        if not written_well:
            raise PydanticCustomError(
                "text_form", "Input should be a string in the format {format}", {"format": self.format}
            )
        return validated


# A field that PATCH or a query may leave out, but not set to null. Read with `exclude_unset`, so None is never seen.
NotSent: Any = Field(default_factory=lambda: None)

# The row's version: one more with each change.
Version = Annotated[int, Field(ge=1, le=2_147_483_647, json_schema_extra={"format": "int32"})]

# A moment with its offset. The years leave room for the conversion to UTC.
_DATE_TIME = TextForm(
    "date-time",
    32,
    r"^[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$",
)
Timestamp = Annotated[AwareDatetime, _DATE_TIME]
# The same as the database gives it: there is nothing to be checked.
Moment = Annotated[datetime, WithJsonSchema(_DATE_TIME.schema)]
# Written out in full: `str` would write small numbers with an exponent.
Exact = Annotated[Decimal, PlainSerializer(lambda number: f"{number:f}", return_type=str, when_used="json")]
# One line, without control characters.
Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
# Any text; PostgreSQL cannot store the character NUL.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
# Whole numbers; strict, so that "1" and true are not taken for one.
Int32 = Annotated[int, Field(strict=True, json_schema_extra={"format": "int32"})]
# The grammar of HTML's email input: what mail servers accept in practice.
Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
        r"(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$",
    ),
]
# Web addresses only: a `javascript:` link would run in whoever's browser shows it (CWE-79).
Url = Annotated[str, Field(max_length=2_000, pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][!-~]*)?$")]
