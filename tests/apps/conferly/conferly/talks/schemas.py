from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from conferly.rooms.schemas import RoomRead

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


class Speaker(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class TopicRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    label: str


class TalkSubmit(BaseModel):
    title: str = Field(min_length=3, max_length=160)
    abstract: str
    minutes: int = Field(30, ge=5, le=90)
    topics: list[str] = Field(default_factory=list, max_length=5)


class TalkSchedule(BaseModel):
    room_id: int
    starts_at: datetime


class TalkRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    abstract: str
    minutes: int
    accepted: bool
    starts_at: datetime | None
    speaker: Speaker
    room: RoomRead | None
    topics: list[TopicRead]
