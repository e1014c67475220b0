import uuid
from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.plant import PlantBase


class BenchCreate(SQLModel):
    name: str = Field(min_length=1, max_length=80)
    is_heated: bool = False


class BenchPublic(BenchCreate):
    id: int


class PlantCreate(PlantBase):
    bench_id: int | None = None


class PlantUpdate(SQLModel):
    name: str | None = Field(default=None, min_length=1, max_length=255)
    species: str | None = None
    every_days: int | None = Field(default=None, ge=1)
    bench_id: int | None = None


class PlantPublic(PlantBase):
    id: uuid.UUID
    owner_id: uuid.UUID
    bench: BenchPublic | None = None


class PlantsPublic(SQLModel):
    data: list[PlantPublic]
    count: int


class WateringCreate(SQLModel):
    millilitres: int = Field(gt=0)


class WateringPublic(SQLModel):
    id: int
    at: datetime
    millilitres: int
