from pydantic import BaseModel, Field


class Note(BaseModel):
    text: str | None = ...
