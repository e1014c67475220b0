from pydantic import BaseModel, ConfigDict


class ORM(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PerformerOut(ORM):
    name: str


class SlotOut(ORM):
    starts: str
    performers: list[PerformerOut]


class StageOut(ORM):
    id: int
    title: str
    slots: list[SlotOut]
