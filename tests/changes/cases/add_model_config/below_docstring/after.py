from pydantic import BaseModel, ConfigDict


class Out(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True)

    id: int
