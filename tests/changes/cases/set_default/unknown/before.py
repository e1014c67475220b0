from pydantic import BaseModel, Field


class A(BaseModel):
    text: str | None
