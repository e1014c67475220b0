from pydantic import BaseModel, Field


class A(BaseModel):
    text: str | None


class B(BaseModel):
    text: str | None
