from pydantic import BaseModel


class Out(BaseModel):
    model_config = {"extra": "forbid", "from_attributes": True}
    id: int
