from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database import Base


class User(Base):
    """Somebody."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200))  # as it was typed
    age: Mapped[int | None] = mapped_column(Integer)

    posts: Mapped[list["Post"]] = relationship(back_populates="author")
