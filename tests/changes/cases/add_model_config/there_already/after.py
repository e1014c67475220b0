from pydantic import BaseModel


class Out(BaseModel):
    model_config = {"from_attributes": True}
    id: int
