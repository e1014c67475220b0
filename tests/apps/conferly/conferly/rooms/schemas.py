from pydantic import BaseModel, ConfigDict, PositiveInt


class RoomCreate(BaseModel):
    name: str
    seats: PositiveInt
    floor: int | None = None


class RoomRead(RoomCreate):
    model_config = ConfigDict(from_attributes=True)

    id: int
