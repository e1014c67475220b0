from pydantic import BaseModel, ConfigDict


class SightingRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    species: str


class ReserveRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    sightings: list[SightingRead]
