from pydantic import BaseModel

CONFIG = {}


class Out(BaseModel):
    model_config = CONFIG
    id: int
