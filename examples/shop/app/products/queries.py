"""Statements about products: what is read, and whose rows a caller may reach."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.auth.dependencies import Principal
from app.auth.roles import Permission
from app.categories.models import Category
from app.pagination import SortKey, search_filter
from app.products.models import Product, product_tags
from app.products.schemas import ProductFilters
from app.reference_columns import Reference
from app.tags.models import Tag
from app.users.models import User

_FILTERS: Mapping[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "status": lambda value: Product.status == value,
    "category_id": lambda value: Product.category_id == value,
    "price": lambda value: Product.price == value,
    "price_min": lambda value: Product.price >= value,
    "price_max": lambda value: Product.price <= value,
}


@cache
def select_products() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads all that a product shows, in one row; built once."""
    return (
        sa.select(
            Product.id,
            Product.name,
            Product.summary,
            Product.price,
            Product.stock,
            Product.status,
            Product.homepage,
            Product.contact,
            Reference("category", Category.id, Category.name),
            Reference("seller", User.id, User.display_name),
            Product.created_at,
            Product.updated_at,
            Product.version,
        )
        .join(Product.category)
        .join(Product.seller)
    )


def select_tags(ids: Sequence[UUID]) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the tags of some products, each with the product as `_of`."""
    return (
        sa.select(product_tags.c.product_id.label("_of"), Tag.id, Tag.name)
        .join(Tag, Tag.id == product_tags.c.tag_id)
        .where(product_tags.c.product_id.in_(ids))
        .order_by(Tag.name, Tag.id)
    )


def owned_by(user: Principal) -> sa.ColumnElement[bool]:
    """Tell the caller's own rows."""
    return Product.seller_id == user.user_id


def deletable_by(user: Principal) -> sa.ColumnElement[bool]:
    """Tell the rows that the caller may delete: their own, or everybody's with the permission for it."""
    if user.can(Permission.PRODUCTS_DELETE_ANY):
        return sa.true()
    return Product.seller_id == user.user_id


def matching(filters: ProductFilters) -> list[sa.ColumnElement[bool]]:
    """Return one condition for each filter that was given."""
    given = filters.model_dump(include=set(_FILTERS), exclude_unset=True)
    conditions = [_FILTERS[name](value) for name, value in given.items()]
    if "q" in filters.model_fields_set:
        conditions.append(search_filter(filters.q, Product.name, Product.summary))
    return conditions


def sort_keys() -> dict[str, SortKey]:
    """Return the columns that the list may be sorted by."""
    return {
        "price": SortKey(Product.price, Decimal),
        "name": SortKey(Product.name, str),
        "created_at": SortKey(Product.created_at, dt.datetime),
    }
