from pydantic import BaseModel, Field


class Note(BaseModel):
    text: str | None = Field(max_length=5)  # short
