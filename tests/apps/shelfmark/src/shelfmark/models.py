from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shelfmark.database import Base


class Progress(StrEnum):
    WANT = "want"
    READING = "reading"
    DONE = "done"


class Reader(Base):
    __tablename__ = "reader"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str] = mapped_column(repr=False)
    is_librarian: Mapped[bool] = mapped_column(default=False)

    entries: Mapped[list[Entry]] = relationship(back_populates="reader", init=False, repr=False)


class Book(Base):
    __tablename__ = "book"

    isbn: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    author: Mapped[str] = mapped_column(index=True)
    pages: Mapped[int | None] = mapped_column(default=None)

    entries: Mapped[list[Entry]] = relationship(
        back_populates="book", init=False, repr=False, cascade="all, delete-orphan"
    )


class Entry(Base):
    """A book on the list of a reader."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("reader_id", "isbn"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"))
    isbn: Mapped[str] = mapped_column(ForeignKey("book.isbn"))
    progress: Mapped[Progress] = mapped_column(default=Progress.WANT)
    rating: Mapped[int | None] = mapped_column(default=None)
    added: Mapped[datetime] = mapped_column(init=False, default_factory=lambda: datetime.now(UTC))

    reader: Mapped[Reader] = relationship(back_populates="entries", init=False, repr=False)
    book: Mapped[Book] = relationship(back_populates="entries", init=False, repr=False)
