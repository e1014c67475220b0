from pydantic import BaseModel


class Out(BaseModel):
    note: str
