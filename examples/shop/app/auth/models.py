"""The tables behind logins: who is logged in from where, and the tokens that were handed out.

No token is stored, only its SHA-256: who reads the database cannot log in with what is found there (CWE-256). A fast
hash is enough, because a token is 256 random bits and cannot be guessed from its hash.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class TokenPurpose(StrEnum):
    """What a mailed token is good for; a token for one purpose is worthless for the other."""

    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - the name of a purpose


class Login(Base):
    """One login on one device: the family that its refresh tokens and access tokens belong to.

    It ends at `expires_at` whatever happens (ASVS 7.3.2, NIST 800-63B: log in again after 30 days at the latest),
    or earlier by `revoked_at`.
    """

    __tablename__ = "logins"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")


class RefreshToken(Base):
    """One link in the chain of a login's refresh tokens; all but the last are used. It expires with its login."""

    __tablename__ = "refresh_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login_id: Mapped[UUID] = mapped_column(ForeignKey("logins.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccountToken(Base):
    """A token that was mailed to a user. Using it deletes the row, and so does mailing a newer one."""

    __tablename__ = "account_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[TokenPurpose] = mapped_column(
        Enum(
            TokenPurpose,
            name="purpose",
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda purposes: [purpose.value for purpose in purposes],
        )
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
