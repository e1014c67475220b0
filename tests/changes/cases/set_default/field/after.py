from pydantic import BaseModel, Field


class Note(BaseModel):
    title: str
    text: str | None = None
