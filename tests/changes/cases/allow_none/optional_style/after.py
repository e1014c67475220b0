from typing import Optional

from pydantic import BaseModel


class Out(BaseModel):
    a: Optional[int] = None
    note: Optional[str]
