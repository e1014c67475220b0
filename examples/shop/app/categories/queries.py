"""Statements about categories: what is read."""

import datetime as dt
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningInsert

from app.categories.models import Category
from app.pagination import SEARCH, ListStatement, SortKey, search_filter
from app.reference_columns import insert_shown, within


@cache
def select_categories() -> sa.Select[*tuple[Any, ...]]:
    """Return what reads all that a category shows, in one row: built once, since only parameters differ."""
    parent = aliased(Category)
    return sa.select(
        Category.id,
        Category.name,
        *within("parent", parent.id, parent.name),
        Category.created_at,
        Category.updated_at,
        Category.version,
    ).outerjoin(Category.parent.of_type(parent))


@cache
def insert_category() -> ReturningInsert[*tuple[Any, ...]]:
    """Return the statement that stores a category and reads it as it is shown."""
    return insert_shown(Category, select_categories())


@cache
def select_category_by_id() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the category `:id`."""
    return select_categories().where(Category.id == sa.bindparam("id"))


@cache
def listing() -> ListStatement:
    """Return what the list shows, and how it can be narrowed and sorted."""
    return ListStatement(
        select_categories(),
        keys={
            "name": SortKey(Category.name, str),
            "created_at": SortKey(Category.created_at, dt.datetime),
        },
        tie=Category.id,
        filters={
            "parent_id": Category.parent_id == sa.bindparam("parent_id"),
            SEARCH: search_filter(
                Category.name,
            ),
        },
    )
