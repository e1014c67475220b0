import uuid
from datetime import datetime, timezone

from sqlmodel import Field, Relationship, SQLModel

from .user import User


class Bench(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    is_heated: bool = False

    plants: list["Plant"] = Relationship(back_populates="bench")


class PlantBase(SQLModel):
    name: str = Field(min_length=1, max_length=255)
    species: str | None = Field(default=None, max_length=255)
    every_days: int = Field(default=7, ge=1)


class Plant(PlantBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    owner_id: uuid.UUID = Field(foreign_key="user.id", nullable=False, ondelete="CASCADE", index=True)
    bench_id: int | None = Field(default=None, foreign_key="bench.id")

    owner: User = Relationship(back_populates="plants")
    bench: Bench | None = Relationship(back_populates="plants")
    waterings: list["Watering"] = Relationship(back_populates="plant", cascade_delete=True)


class Watering(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", nullable=False, ondelete="CASCADE")
    at: datetime = Field(default_factory=lambda: datetime.now(timezone.utc))
    millilitres: int

    plant: Plant = Relationship(back_populates="waterings")
