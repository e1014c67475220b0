from collections.abc import Iterator

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("sqlite:///archive.db")


class Base(DeclarativeBase):
    pass


class Collection(Base):
    __tablename__ = "collections"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Letter(Base):
    __tablename__ = "letters"
    id: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str]
    year: Mapped[int]
    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id"), index=True)
    collection: Mapped[Collection] = relationship()


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened
