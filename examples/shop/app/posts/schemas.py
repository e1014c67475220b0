"""What the posts endpoints take and give."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.fields import Line, Moment, NotSent, Text, Timestamp, Version
from app.pagination import PageParams
from app.tags.refs import TagRef
from app.users.schemas import UserRef

Title = Annotated[Line, Field(min_length=1, max_length=200)]
Body = Annotated[Text, Field(min_length=1, max_length=20_000)]


class PostCreate(BaseModel):
    """What makes a post."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    body: Body
    published_at: Timestamp | None = None
    tag_ids: Annotated[list[UUID], Field(default_factory=list, max_length=100)]


class PostUpdate(BaseModel):
    """What may change about a post: whatever is sent changes, the rest stays."""

    model_config = ConfigDict(extra="forbid")

    title: Title = NotSent
    body: Body = NotSent
    published_at: Timestamp | None = None
    tag_ids: Annotated[list[UUID], Field(max_length=100)] = NotSent


class PostRead(BaseModel):
    """A post, as it is shown."""

    id: UUID
    title: Title
    body: Body
    published_at: Timestamp | None
    author: UserRef
    tags: Annotated[list[TagRef], Field(max_length=100)]
    created_at: Moment
    updated_at: Moment
    version: Version


class PostFilters(PageParams):
    """Which posts are listed, and in which order."""

    sort: Literal["published_at", "-published_at", "created_at", "-created_at"] = "-published_at"
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="Text that title or body has to contain, in any case.",
        ),
    ] = NotSent
    author_id: UUID = NotSent
