from pydantic import BaseModel


class Out(BaseModel):
    id: int

    class Config:
        extra = "forbid"
