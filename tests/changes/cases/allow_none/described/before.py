from pydantic import BaseModel, Field


class Out(BaseModel):
    note: str = Field(max_length=5)
