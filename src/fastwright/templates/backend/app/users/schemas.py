"""What the users endpoints take and give."""

import unicodedata
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StrictBool

from app.auth.roles import Role
from app.fields import Moment, NotSent, Version
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
    email_verified_at: Moment | None
    created_at: Moment
    updated_at: Moment
    version: Version


class ProfileUpdate(BaseModel):
    """What users change about themselves: whatever is sent."""

    model_config = ConfigDict(extra="forbid")

    display_name: DisplayName = NotSent


class UserUpdate(BaseModel):
    """What administrators change about a user: whatever is sent."""

    model_config = ConfigDict(extra="forbid")

    role: Role = NotSent
    is_active: StrictBool = NotSent


Search = Annotated[
    str,
    Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", description="Part of the address or the name."),
]


class UserListParams(PageParams):
    """How the list of users can be narrowed and sorted."""

    sort: Literal["created_at", "-created_at", "email", "-email"] = "-created_at"
    role: Role = NotSent
    is_active: bool = NotSent
    q: Search = NotSent
