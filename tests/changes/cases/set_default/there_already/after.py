from pydantic import BaseModel, Field


class Note(BaseModel):
    text: str | None = Field(None, max_length=5)
