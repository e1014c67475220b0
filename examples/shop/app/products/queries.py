"""Statements about products: what is read, and whose rows a caller may reach."""

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.auth.dependencies import Principal
from app.auth.roles import Permission
from app.categories.models import Category
from app.pagination import SEARCH, ListStatement, SortKey, search_filter
from app.products.models import Product, product_tags
from app.reference_columns import within
from app.tags.models import Tag
from app.users.models import User


@cache
def select_products() -> sa.Select[*tuple[Any, ...]]:
    """Return what reads all that a product shows, in one row: built once, since only parameters differ."""
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
            *within("category", Category.id, Category.name),
            *within("seller", User.id, User.display_name),
            Product.created_at,
            Product.updated_at,
            Product.version,
        )
        .join(Product.category)
        .join(Product.seller)
    )


@cache
def select_product_by_id() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the product `:id`."""
    return select_products().where(Product.id == sa.bindparam("id"))


@cache
def select_product_tags() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the tags of the products `:ids`, each with the product as `_of`."""
    return (
        sa.select(product_tags.c.product_id.label("_of"), Tag.id, Tag.name)
        .join(Tag, Tag.id == product_tags.c.tag_id)
        .where(product_tags.c.product_id.in_(sa.bindparam("ids", expanding=True)))
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


@cache
def listing() -> ListStatement:
    """Return what the list shows, and how it can be narrowed and sorted."""
    return ListStatement(
        select_products(),
        keys={
            "price": SortKey(Product.price, Decimal),
            "name": SortKey(Product.name, str),
            "created_at": SortKey(Product.created_at, dt.datetime),
        },
        tie=Product.id,
        filters={
            "status": Product.status == sa.bindparam("status"),
            "category_id": Product.category_id == sa.bindparam("category_id"),
            "price": Product.price == sa.bindparam("price"),
            "price_min": Product.price >= sa.bindparam("price_min"),
            "price_max": Product.price <= sa.bindparam("price_max"),
            SEARCH: search_filter(
                Product.name,
                Product.summary,
            ),
        },
    )
