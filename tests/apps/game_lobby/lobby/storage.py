import os
import time
from typing import Optional

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

URL = os.environ.get("LOBBY_DB", "sqlite:///lobby.sqlite")

if URL in ("sqlite://", "sqlite:///:memory:"):
    engine = create_engine(URL, connect_args={"check_same_thread": False}, poolclass=StaticPool)
else:
    engine = create_engine(URL)

make_session = sessionmaker(bind=engine, expire_on_commit=False)


class Model(DeclarativeBase):
    pass


class Player(Model):
    __tablename__ = "player"

    id: Mapped[int] = mapped_column(primary_key=True)
    nick: Mapped[str] = mapped_column(unique=True)
    session_key: Mapped[str] = mapped_column(index=True)
    banned: Mapped[bool] = mapped_column(default=False)

    tables: Mapped[list["GameTable"]] = relationship(back_populates="host")


class GameTable(Model):
    __tablename__ = "game_table"

    id: Mapped[int] = mapped_column(primary_key=True)
    game: Mapped[str]
    seats: Mapped[int]
    host_id: Mapped[int] = mapped_column(ForeignKey("player.id"))
    closed_at: Mapped[Optional[float]]

    host: Mapped[Player] = relationship(back_populates="tables")
    chat: Mapped[list["Line"]] = relationship(back_populates="table", order_by="Line.id")


class Line(Model):
    """One line of chat."""

    __tablename__ = "chat_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("game_table.id"))
    nick: Mapped[str]
    text: Mapped[str]
    sent: Mapped[float] = mapped_column(default=time.time)

    table: Mapped[GameTable] = relationship(back_populates="chat")


def db():
    session = make_session()
    try:
        yield session
    finally:
        session.close()


def player_by_key(session: Session, key: Optional[str]) -> Optional[Player]:
    if not key:
        return None
    return session.scalars(select(Player).where(Player.session_key == key)).one_or_none()
