"""What the categories endpoints take and give."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.categories.refs import CategoryRef
from app.fields import Line, Moment, NotSent, Version
from app.pagination import PageParams

Name = Annotated[Line, Field(min_length=1, max_length=80)]


class CategoryCreate(BaseModel):
    """What makes a category."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    parent_id: UUID | None = None


class CategoryUpdate(BaseModel):
    """What may change about a category: whatever is sent changes, the rest stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name = NotSent
    parent_id: UUID | None = None


class CategoryRead(BaseModel):
    """A category, as it is shown."""

    id: UUID
    name: Name
    parent: CategoryRef | None
    created_at: Moment
    updated_at: Moment
    version: Version


class CategoryFilters(PageParams):
    """Which categories are listed, and in which order."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "name"
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="Text that name has to contain, in any case.",
        ),
    ] = NotSent
    parent_id: UUID = NotSent
