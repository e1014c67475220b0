from pydantic import BaseModel


class Out(BaseModel):
    """An answer."""

    id: int
