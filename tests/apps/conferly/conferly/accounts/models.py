from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from conferly.database import Base, Timestamped

if TYPE_CHECKING:
    from conferly.talks.models import Talk


class Role(str, enum.Enum):
    attendee = "attendee"
    speaker = "speaker"
    admin = "admin"


class Account(Timestamped, Base):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Enum(Role, native_enum=False, length=20), default=Role.attendee)

    talks: Mapped[list[Talk]] = relationship(back_populates="speaker")
    tokens: Mapped[list[ApiToken]] = relationship(back_populates="account", cascade="all, delete-orphan")


class ApiToken(Base):
    """Opaque tokens; only the digest is stored."""

    __tablename__ = "api_tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)

    account: Mapped[Account] = relationship(back_populates="tokens")
