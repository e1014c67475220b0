"""Statements about orders: what is read, and whose rows a caller may reach."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.auth.dependencies import Principal
from app.auth.roles import Permission
from app.orders.models import Order
from app.orders.schemas import OrderFilters
from app.pagination import SortKey
from app.products.models import Product
from app.reference_columns import Reference
from app.users.models import User

_FILTERS: Mapping[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "paid": lambda value: Order.paid == value,
    "product_id": lambda value: Order.product_id == value,
}


@cache
def select_orders() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads all that an order shows, in one row; built once."""
    return (
        sa.select(
            Order.id,
            Order.quantity,
            Order.unit_price,
            Order.paid,
            Order.note,
            Reference("product", Product.id, Product.name),
            Reference("buyer", User.id, User.display_name),
            Order.created_at,
            Order.updated_at,
            Order.version,
        )
        .join(Order.product)
        .join(Order.buyer)
    )


def owned_by(user: Principal) -> sa.ColumnElement[bool]:
    """Tell the caller's own rows."""
    return Order.buyer_id == user.user_id


def readable_by(user: Principal) -> sa.ColumnElement[bool]:
    """Tell the rows that the caller may read: their own, or everybody's with the permission for it."""
    if user.can(Permission.ORDERS_READ_ANY):
        return sa.true()
    return Order.buyer_id == user.user_id


def updatable_by(user: Principal) -> sa.ColumnElement[bool]:
    """Tell the rows that the caller may update: their own, or everybody's with the permission for it."""
    if user.can(Permission.ORDERS_UPDATE_ANY):
        return sa.true()
    return Order.buyer_id == user.user_id


def matching(filters: OrderFilters) -> list[sa.ColumnElement[bool]]:
    """Return one condition for each filter that was given."""
    given = filters.model_dump(include=set(_FILTERS), exclude_unset=True)
    return [_FILTERS[name](value) for name, value in given.items()]


def sort_keys() -> dict[str, SortKey]:
    """Return the columns that the list may be sorted by."""
    return {
        "quantity": SortKey(Order.quantity, int),
        "created_at": SortKey(Order.created_at, dt.datetime),
    }
