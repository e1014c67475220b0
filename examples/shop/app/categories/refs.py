"""How other resources show a category; a module of its own, as schemas refer to each other in circles."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.fields import Line


class CategoryRef(BaseModel):
    """A category, as other resources show it."""

    id: UUID
    name: Annotated[Line, Field(max_length=80)]
