"""What the users endpoints take and give."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, JsonValue, field_validator
from pydantic.json_schema import SkipJsonSchema

from app.auth.roles import Role
from app.pagination import PageParams

EMAIL_MAX_LENGTH = 254


def normalise_email(email: str) -> str:
    """Return the form in which an address is stored and looked up: NFKC, case folded.

    Addresses that look alike thus share one account (CWE-178). Whatever was typed, mail only ever goes to the stored
    form, so an address that merely folds to somebody else's cannot receive their links.
    """
    return unicodedata.normalize("NFKC", email).casefold()


def _storable(email: str) -> str:
    normalised = normalise_email(email)
    if len(normalised) > EMAIL_MAX_LENGTH:
        raise ValueError("The address is too long.")
    return normalised


Email = Annotated[EmailStr, Field(max_length=EMAIL_MAX_LENGTH), AfterValidator(_storable)]

DisplayName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=80,
        pattern=r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$",
        description="No control characters, and no white space at either end.",
        examples=["Ada Lovelace"],
    ),
]


class UserRef(BaseModel):
    """A user as others see them."""

    id: UUID
    display_name: DisplayName


class UserRead(BaseModel):
    """An account, as its owner and administrators see it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: Annotated[str, Field(max_length=EMAIL_MAX_LENGTH, json_schema_extra={"format": "email"})]
    display_name: DisplayName
    role: Role
    is_active: bool
    email_verified_at: datetime | None
    created_at: datetime
    updated_at: datetime


class Changes(BaseModel):
    """A PATCH body: what is left out stays as it is, and null is no value for a field that must have one."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("leave the field out instead")
        return value


def _without_default(schema: dict[str, JsonValue]) -> None:
    schema.pop("default", None)


Omissible = Field(default=None, json_schema_extra=_without_default)


class ProfileUpdate(Changes):
    """What users change about themselves."""

    display_name: DisplayName | SkipJsonSchema[None] = Omissible


class UserUpdate(Changes):
    """What administrators change about a user."""

    role: Role | SkipJsonSchema[None] = Omissible
    is_active: bool | SkipJsonSchema[None] = Omissible


class UserListParams(PageParams):
    """How the list of users can be narrowed and sorted."""

    sort: Literal["created_at", "-created_at", "email", "-email"] = "-created_at"
    role: Role | None = None
    is_active: bool | None = None
    q: Annotated[str, Field(min_length=1, max_length=100, description="Part of the address or the name.")] | None = None
