from datetime import datetime
from typing import List

from pydantic import BaseModel, ConfigDict, Field

from backend.dto.coffee import CoffeeDTO


class OrderLineCreateDTO(BaseModel):
    coffee_id: int
    bags: int = Field(..., gt=0, le=100)


class OrderCreateDTO(BaseModel):
    customer_email: str
    lines: List[OrderLineCreateDTO] = Field(..., min_length=1)


class OrderLineDTO(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    bags: int
    coffee: CoffeeDTO


class OrderDTO(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    customer_email: str
    state: str
    created_at: datetime
    lines: List[OrderLineDTO]


class OrderSummaryDTO(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    state: str
