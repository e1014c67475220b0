from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class PostIn(BaseModel):
    author_id: int
    title: str = Field(min_length=1, max_length=200)


class PostOut(PostIn):
    model_config = ConfigDict(from_attributes=True)

    id: int


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    posts: list[PostOut]


class ProductIn(BaseModel):
    name: str = Field(min_length=2, max_length=120)
    price: Decimal = Field(gt=0, decimal_places=2)
    condition: Literal["new", "used"] = "new"


class ProductOut(ProductIn):
    model_config = ConfigDict(from_attributes=True)

    id: int
