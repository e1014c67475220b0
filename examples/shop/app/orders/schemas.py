"""What the orders endpoints take and give."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.fields import Exact, Int32, Moment, NotSent, Text, TextForm, Version
from app.pagination import PageParams
from app.products.refs import ProductRef
from app.users.schemas import UserRef

Quantity = Annotated[Int32, Field(ge=1, le=1_000)]
UnitPrice = Annotated[
    Exact,
    Field(max_digits=10, decimal_places=2, ge=0),
    TextForm("decimal", 11, r"^(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?$"),
]
Note = Annotated[Text, Field(max_length=500)]


class OrderCreate(BaseModel):
    """What makes an order."""

    model_config = ConfigDict(extra="forbid")

    quantity: Quantity = 1
    unit_price: UnitPrice
    paid: StrictBool = False
    note: Note | None = None
    product_id: UUID


class OrderUpdate(BaseModel):
    """What may change about an order: whatever is sent changes, the rest stays."""

    model_config = ConfigDict(extra="forbid")

    quantity: Quantity = NotSent
    unit_price: UnitPrice = NotSent
    paid: StrictBool = NotSent
    note: Note | None = None
    product_id: UUID = NotSent


class OrderRead(BaseModel):
    """An order, as it is shown."""

    id: UUID
    quantity: Quantity
    unit_price: UnitPrice
    paid: StrictBool
    note: Note | None
    product: ProductRef
    buyer: UserRef
    created_at: Moment
    updated_at: Moment
    version: Version


class OrderFilters(PageParams):
    """Which orders are listed, and in which order."""

    sort: Literal["quantity", "-quantity", "created_at", "-created_at"] = "-created_at"
    paid: bool = NotSent
    product_id: UUID = NotSent
