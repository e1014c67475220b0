from pydantic import BaseModel


class Bike(BaseModel):
    id: int
    model: str | None = None
    station_id: int | None = None

    model_config = {"from_attributes": True}


class Station(BaseModel):
    id: int
    name: str | None = None
    is_open: bool | None = None
    bikes: list[Bike] = []

    model_config = {"from_attributes": True}
