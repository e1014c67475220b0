from datetime import datetime, timezone
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Numeric
from sqlmodel import Field, Relationship, SQLModel


class Rank(StrEnum):
    guest = "guest"
    director = "director"


class ActorBase(SQLModel):
    stage_name: str = Field(index=True, max_length=80)
    email: str = Field(unique=True)


class Actor(ActorBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    rank: Rank = Rank.guest
    secret_phrase: str = ""
    password_hash: str
    contracts: list["Contract"] = Relationship(back_populates="actor")


class ActorIn(ActorBase):
    rank: Rank = Rank.guest
    password: str


class ActorOut(ActorBase):
    id: int


class Play(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
    ticket_price: float  # found: float-money
    written_at: datetime = Field(
        default_factory=lambda: datetime.now(timezone.utc), sa_column=Column(DateTime(timezone=True))
    )


class Contract(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    actor_id: int = Field(foreign_key="actor.id", index=True)
    play_id: int = Field(sa_column=Column(Integer, ForeignKey("play.id", ondelete="CASCADE")))  # found: unindexed-foreign-key
    wage: Decimal = Field(sa_column=Column(Numeric(10, 2)))
    actor: Actor = Relationship(back_populates="contracts")


class ContractOut(SQLModel):
    id: int
    play_id: int


class PlayOut(SQLModel):
    id: int
    title: str


class ActorWithContracts(ActorOut):
    contracts: list[ContractOut] = []


class ContractIn(SQLModel):
    actor_id: int
    play_id: int
    wage: Decimal
