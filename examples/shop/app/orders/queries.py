"""Statements about orders: what is read, and whose rows a caller may reach."""

import datetime as dt
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from app.auth.dependencies import Principal
from app.auth.roles import Permission
from app.orders.models import Order
from app.pagination import ListStatement, SortKey
from app.products.models import Product
from app.reference_columns import insert_shown, within
from app.users.models import User


@cache
def select_orders() -> sa.Select[*tuple[Any, ...]]:
    """Return what reads all that an order shows, in one row: built once, since only parameters differ."""
    return (
        sa.select(
            Order.id,
            Order.quantity,
            Order.unit_price,
            Order.paid,
            Order.note,
            *within("product", Product.id, Product.name),
            *within("buyer", User.id, User.display_name),
            Order.created_at,
            Order.updated_at,
            Order.version,
        )
        .join(Order.product)
        .join(Order.buyer)
    )


@cache
def insert_order() -> ReturningInsert[*tuple[Any, ...]]:
    """Return the statement that stores an order and reads it as it is shown."""
    return insert_shown(Order, select_orders())


@cache
def select_order_by_id() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the order `:id`."""
    return select_orders().where(Order.id == sa.bindparam("id"))


@cache
def select_own_order() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the order `:id` if it belongs to the user `:owner`."""
    return select_order_by_id().where(Order.buyer_id == sa.bindparam("owner"))


def select_readable_order(user: Principal) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for what the caller may read: their own, or everybody's with the permission for it."""
    return select_order_by_id() if user.can(Permission.ORDERS_READ_ANY) else select_own_order()


def updatable_by(user: Principal) -> sa.ColumnElement[bool]:
    """Tell the rows that the caller may update: their own, or everybody's with the permission for it."""
    if user.can(Permission.ORDERS_UPDATE_ANY):
        return sa.true()
    return Order.buyer_id == user.user_id


@cache
def listing() -> ListStatement:
    """Return what the list shows, and how it can be narrowed and sorted."""
    return ListStatement(
        select_orders(),
        keys={
            "quantity": SortKey(Order.quantity, int),
            "created_at": SortKey(Order.created_at, dt.datetime),
        },
        tie=Order.id,
        filters={
            "owner": Order.buyer_id == sa.bindparam("owner"),
            "paid": Order.paid == sa.bindparam("paid"),
            "product_id": Order.product_id == sa.bindparam("product_id"),
        },
    )
