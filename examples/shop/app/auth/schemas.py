"""What the auth endpoints take and give. Secrets come in as `SecretStr`, so that no log and no error shows them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from app.auth.passwords import PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH
from app.auth.queries import MAX_LISTED_LOGINS
from app.fields import Moment
from app.users.schemas import EMAIL_MAX_LENGTH, DisplayName, Email

NewPassword = Annotated[
    SecretStr,
    Field(
        min_length=PASSWORD_MIN_LENGTH,
        max_length=PASSWORD_MAX_LENGTH,
        description="Any characters. Refused if it is common, or little more than your name or e-mail address.",
        examples=["violet staircase humming"],
        # The one kind of common password that a schema can describe: a single character, over and over.
        json_schema_extra={"not": {"pattern": r"^(.)\1*$"}},
    ),
]
# What was accepted once must be accepted again, whatever the rules for new passwords are today.
GivenPassword = Annotated[SecretStr, Field(min_length=1, max_length=PASSWORD_MAX_LENGTH)]
GivenToken = Annotated[SecretStr, Field(min_length=1, max_length=128)]


# The characters that RFC 6749 A.1 and A.4 allow.
Printable = Annotated[str, Field(max_length=200, pattern=r"^[\x20-\x7e]*$")]
# What a client says about itself, once `get_client` has taken control characters out.
Shown = r"^[^\x00-\x1f\x7f]*$"


class Input(BaseModel):
    """A request body; fields that it does not know are refused (OWASP API3:2023)."""

    model_config = ConfigDict(extra="forbid")


class RegisterRequest(Input):
    """A new account."""

    email: Email
    password: NewPassword
    display_name: DisplayName


class EmailRequest(Input):
    """An address that a message is wanted for."""

    email: Email


class VerifyEmailRequest(Input):
    """The token from the link in the verification message."""

    token: GivenToken


class ResetPasswordRequest(Input):
    """The token from the link in the reset message, and the password to be."""

    token: GivenToken
    password: NewPassword


class ChangePasswordRequest(Input):
    """The password as it is and as it shall be."""

    current_password: GivenPassword
    new_password: NewPassword


class RefreshRequest(Input):
    """The refresh token that was handed out last."""

    refresh_token: GivenToken


class LoginForm(Input):
    """The password grant of OAuth2 (RFC 6749 4.3.2), as the Authorize button of /docs sends it.

    The grant survives for first-party clients only (RFC 9700 2.4). Scope and client are accepted and mean nothing here.
    """

    grant_type: Literal["password"] = "password"
    username: Annotated[
        str,
        Field(
            min_length=1,
            max_length=EMAIL_MAX_LENGTH,
            pattern=r"^[^\x00-\x1f\x7f]+$",
            description="The e-mail address.",
        ),
    ]
    password: GivenPassword
    scope: Printable = ""
    client_id: Printable | None = None
    client_secret: Annotated[SecretStr, Field(max_length=200)] | None = None


class TokenPair(BaseModel):
    """The answer to a login or a refresh (RFC 6749 5.1)."""

    access_token: Annotated[str, Field(max_length=2048, pattern=r"^[\w-]+\.[\w-]+\.[\w-]+$", repr=False)]
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a type, not a token
    expires_in: Annotated[int, Field(ge=1, le=2**31 - 1, json_schema_extra={"format": "int32"})]
    refresh_token: Annotated[str, Field(max_length=128, pattern=r"^[\w-]+$", repr=False)]


class Accepted(BaseModel):
    """The same words for every address, whether or not it has an account (ASVS 6.3.8; CWE-204)."""

    message: Literal["If the address can receive it, a message is on its way."] = (
        "If the address can receive it, a message is on its way."
    )


class LoginRead(BaseModel):
    """One device on which somebody is logged in."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    user_agent: Annotated[str, Field(max_length=200, pattern=Shown)]
    address: Annotated[str, Field(max_length=45, pattern=Shown)]
    created_at: Moment
    last_used_at: Moment
    expires_at: Moment
    current: Annotated[bool, Field(description="Whether it is the login that asks.")]


class LoginList(BaseModel):
    """The live logins of the caller, the most recently used first (ASVS 7.5.2)."""

    items: Annotated[list[LoginRead], Field(max_length=MAX_LISTED_LOGINS)]
