from pydantic import BaseModel, ConfigDict, Field


class CoffeeCreateDTO(BaseModel):
    name: str = Field(..., min_length=1, max_length=100)
    origin: str = Field(..., max_length=60)
    price_cents: int = Field(..., gt=0)
    stock: int = Field(default=0, ge=0)


class CoffeeDTO(CoffeeCreateDTO):
    model_config = ConfigDict(from_attributes=True)

    id: int


class RestockDTO(BaseModel):
    bags: int = Field(..., gt=0)
