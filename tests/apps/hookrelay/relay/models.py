from typing import Any, Dict, List

from pydantic import BaseModel, HttpUrl


class TargetIn(BaseModel):
    url: HttpUrl
    events: List[str] = ["*"]


class Target(BaseModel):
    id: int
    url: str
    events: List[str]
    active: bool


class EventIn(BaseModel):
    type: str
    payload: Dict[str, Any] = {}


class Accepted(BaseModel):
    event_id: int
    deliveries: int


class Delivery(BaseModel):
    target_id: int
    attempts: int
    status: str


class EventDetail(BaseModel):
    id: int
    type: str
    payload: Dict[str, Any]
    deliveries: List[Delivery]
