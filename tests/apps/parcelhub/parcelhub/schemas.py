from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Orm(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class DepotIn(BaseModel):
    code: str = Field(max_length=8)
    city: str


class DepotOut(Orm):
    id: int
    code: str
    city: str


class ScanIn(BaseModel):
    what: Literal["in", "out", "delivered", "lost"]


class ScanOut(Orm):
    what: str
    at: datetime


class ParcelIn(BaseModel):
    tracking: str = Field(min_length=6, max_length=16)
    recipient: str
    weight_kg: Decimal = Field(gt=0, max_digits=8, decimal_places=3)
    depot_id: int


class ParcelOut(Orm):
    id: int
    tracking: str
    recipient: str
    weight_kg: Decimal
    depot: DepotOut


class TrackOut(BaseModel):
    """What a recipient may see: no names, no weights."""

    tracking: str
    city: str
    history: list[ScanOut]


class StaffIn(BaseModel):
    login: str
    role: Literal["courier", "dispatcher", "admin"] = "courier"
    depot_id: int | None = None


class StaffOut(Orm):
    id: int
    login: str
    role: str


class NewStaffOut(StaffOut):
    token: str
