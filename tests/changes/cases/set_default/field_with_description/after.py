from pydantic import BaseModel, Field


class Note(BaseModel):
    text: str | None = Field(default=None, max_length=5)  # short
