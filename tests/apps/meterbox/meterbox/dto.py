from datetime import datetime
from typing import Optional
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .orm import Unit


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class DeviceIn(BaseModel):
    label: str
    is_admin: bool = False


class DeviceOut(_Out):
    id: UUID
    label: str
    is_admin: bool


class DeviceCreated(DeviceOut):
    api_key: str


class MeterIn(BaseModel):
    serial: str = Field(max_length=40)
    unit: Unit
    public: bool = False

    @field_validator("serial")
    @classmethod
    def no_blanks(cls, v: str) -> str:
        return v.replace(" ", "")


class MeterOut(_Out):
    id: int
    serial: str
    unit: Unit
    public: bool


class ReadingIn(BaseModel):
    value: float = Field(ge=0)
    taken_at: Optional[datetime] = None


class ReadingOut(_Out):
    value: float
    taken_at: datetime


class Consumption(BaseModel):
    serial: str
    unit: Unit
    used: float
