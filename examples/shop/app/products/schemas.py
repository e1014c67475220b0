"""What the products endpoints take and give."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.categories.refs import CategoryRef
from app.fields import Email, Exact, Int32, Line, Moment, NotSent, Text, TextForm, Url, Version
from app.pagination import PageParams
from app.products.models import ProductStatus
from app.tags.refs import TagRef
from app.users.schemas import UserRef

Name = Annotated[Line, Field(min_length=1, max_length=120)]
Summary = Annotated[Text, Field(max_length=2_000)]
Price = Annotated[
    Exact,
    Field(max_digits=10, decimal_places=2, ge=0),
    TextForm("decimal", 11, r"^(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?$"),
]
Stock = Annotated[Int32, Field(ge=0, le=2_147_483_647)]
Status = Annotated[ProductStatus, Field(description="Only live products can be ordered")]


class ProductCreate(BaseModel):
    """What makes a product."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    summary: Summary | None = None
    price: Price
    stock: Stock = 0
    status: Status = ProductStatus.DRAFT
    homepage: Url | None = None
    contact: Email
    category_id: UUID
    tag_ids: Annotated[list[UUID], Field(default_factory=list, max_length=100)]


class ProductUpdate(BaseModel):
    """What may change about a product: whatever is sent changes, the rest stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name = NotSent
    summary: Summary | None = None
    price: Price = NotSent
    stock: Stock = NotSent
    status: Status = NotSent
    homepage: Url | None = None
    contact: Email = NotSent
    category_id: UUID = NotSent
    tag_ids: Annotated[list[UUID], Field(max_length=100)] = NotSent


class ProductRead(BaseModel):
    """A product, as it is shown."""

    id: UUID
    name: Name
    summary: Summary | None
    price: Price
    stock: Stock
    status: Status
    homepage: Url | None
    contact: Email
    category: CategoryRef
    seller: UserRef
    tags: Annotated[list[TagRef], Field(max_length=100)]
    created_at: Moment
    updated_at: Moment
    version: Version


class ProductFilters(PageParams):
    """Which products are listed, and in which order."""

    sort: Literal["price", "-price", "name", "-name", "created_at", "-created_at"] = "-created_at"
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="Text that name or summary has to contain, in any case.",
        ),
    ] = NotSent
    status: Status = NotSent
    category_id: UUID = NotSent
    price: Price = NotSent
    price_min: Price = NotSent
    price_max: Price = NotSent
