"""A shop's catalogue in memory: one file, Pydantic at its pickiest."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal, Optional
from uuid import UUID

from fastapi import Body, Cookie, FastAPI, Header, HTTPException, Path, Query
from pydantic import AnyHttpUrl, AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, NaiveDatetime, field_validator, model_validator
from pydantic.alias_generators import to_camel

app = FastAPI(title="Catalogue")


class Status(str, Enum):
    IN_STOCK = "in_stock"
    SOLD_OUT = "sold_out"
    ARCHIVED = "archived"


class Dimensions(BaseModel):
    width: float = Field(gt=0)
    height: float = Field(gt=0)


class ProductIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=2, max_length=40)
    price: Decimal = Field(gt=0, max_digits=8, decimal_places=2)
    sku: str = Field(pattern=r"^[A-Z]{3}-\d{4}$")
    status: Status = Status.IN_STOCK
    tags: list[str] = Field(default_factory=list, max_length=3)
    quantity: int = Field(default=0, ge=0, le=10_000)
    released: date | None = None
    homepage: AnyHttpUrl | None = None
    dimensions: Dimensions | None = None
    pack_size: int = Field(default=6, multiple_of=6)


class Supplier(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    company_name: str
    contact_email: EmailStr
    vat_id: str | None
    since: Optional[date]


class Promotion(BaseModel):
    code: str
    starts: AwareDatetime
    local_note: NaiveDatetime | None = None
    days: int = Field(gt=0, strict=True)
    active: bool = Field(default=True, strict=True)
    kind: Literal["percent", "absolute"]

    @field_validator("code")
    @classmethod
    def code_is_upper(cls, value: str) -> str:
        if value != value.upper():
            raise ValueError("promotion codes are written in capitals")
        if not value.startswith("PRM"):
            raise ValueError("promotion codes start with PRM")
        return value


class Season(BaseModel):
    title: str
    first_day: date
    last_day: date

    @model_validator(mode="after")
    def ends_after_it_starts(self):
        if self.last_day <= self.first_day:
            raise ValueError("a season ends after it starts")
        return self


class Account(BaseModel):
    username: str
    password: str
    password_repeat: str

    @field_validator("password")
    @classmethod
    def strong(cls, v):
        if len(v) < 10:
            raise ValueError("Password must have at least 10 characters")
        if not any(c.isdigit() for c in v):
            raise ValueError("Password must contain a digit")
        if not re.search(r"[A-Z]", v):
            raise ValueError("Password must contain an upper-case letter")
        return v

    @model_validator(mode="after")
    def same(self):
        if self.password != self.password_repeat:
            raise ValueError("the passwords differ")
        return self


PRODUCTS = {1: {"name": "Mug", "stock": 5}, 2: {"name": "Plate", "stock": 0}}


@app.post("/products", status_code=201)
def create_product(product: ProductIn):
    return product


@app.post("/products/bulk")
def create_products(products: list[ProductIn]):
    return len(products)


@app.get("/products/{product_id}")
def get_product(product_id: Annotated[int, Path(ge=1)]):
    if product_id not in PRODUCTS:
        raise HTTPException(404, "there is no such product")
    return PRODUCTS[product_id]


@app.post("/products/{product_id}/reserve")
def reserve(product_id: int, amount: int):
    product = PRODUCTS.get(product_id)
    if product is None:
        raise HTTPException(status_code=404, detail="Product not found")
    if amount > product["stock"]:
        raise HTTPException(status_code=409, detail="not enough in stock")
    return {"left": product["stock"] - amount}


@app.put("/products/{product_id}/dimensions")
def set_dimensions(product_id: int, dimensions: Annotated[Dimensions, Body(embed=True)]):
    return dimensions


@app.post("/suppliers")
def add_supplier(supplier: Supplier):
    return supplier.company_name


@app.post("/promotions")
def add_promotion(promotion: Promotion):
    return promotion


@app.post("/seasons")
def add_season(season: Season):
    return season


@app.post("/accounts")
def add_account(account: Account):
    return account.username


@app.post("/orders")
def place_order(product: ProductIn, customer: Supplier, note: Annotated[str, Body(max_length=20)] = ""):
    return note


@app.get("/search")
def search(q: str, page: Annotated[int, Query(ge=1)] = 1, sort: Literal["name", "price"] = "name", flags: Annotated[list[int], Query()] = []):
    return [q, page, sort, flags]


@app.post("/notes")
def add_note(title: str, text: str):
    return title


@app.get("/by-key/{key}")
def by_key(key: UUID):
    return key


@app.get("/tracked")
def tracked(x_request_id: Annotated[str, Header()], session: Annotated[str, Cookie()]):
    return [x_request_id, session]


@app.get("/deliveries")
def deliveries(day: date):
    if day < date.today():
        raise HTTPException(400, "that day is over")
    if day > date.today() + timedelta(days=60):
        raise HTTPException(400, "we plan only 60 days ahead")
    return day
