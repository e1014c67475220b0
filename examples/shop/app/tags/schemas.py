"""What the tags endpoints take and give."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.fields import Line, Moment, NotSent, Version
from app.pagination import PageParams

Name = Annotated[Line, Field(min_length=1, max_length=40)]


class TagCreate(BaseModel):
    """What makes a tag."""

    model_config = ConfigDict(extra="forbid")

    name: Name


class TagUpdate(BaseModel):
    """What may change about a tag: whatever is sent changes, the rest stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name = NotSent


class TagRead(BaseModel):
    """A tag, as it is shown."""

    id: UUID
    name: Name
    created_at: Moment
    updated_at: Moment
    version: Version


class TagFilters(PageParams):
    """Which tags are listed, and in which order."""

    sort: Literal["name", "-name"] = "name"
    limit: Annotated[int, Field(ge=1, le=100, json_schema_extra={"format": "int32"})] = 50
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="Text that name has to contain, in any case.",
        ),
    ] = NotSent
