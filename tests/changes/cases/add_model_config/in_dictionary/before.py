from pydantic import BaseModel


class Out(BaseModel):
    model_config = {"extra": "forbid"}
    id: int
