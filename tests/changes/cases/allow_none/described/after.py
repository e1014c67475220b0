from pydantic import BaseModel, Field


class Out(BaseModel):
    note: str | None = Field(max_length=5)
