"""Statements about categories: what is read."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.categories.models import Category
from app.categories.schemas import CategoryFilters
from app.pagination import SortKey, search_filter
from app.reference_columns import Reference

_FILTERS: Mapping[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "parent_id": lambda value: Category.parent_id == value,
}


@cache
def select_categories() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads all that a category shows, in one row; built once."""
    parent = aliased(Category)
    return sa.select(
        Category.id,
        Category.name,
        Reference("parent", parent.id, parent.name),
        Category.created_at,
        Category.updated_at,
        Category.version,
    ).outerjoin(Category.parent.of_type(parent))


def matching(filters: CategoryFilters) -> list[sa.ColumnElement[bool]]:
    """Return one condition for each filter that was given."""
    given = filters.model_dump(include=set(_FILTERS), exclude_unset=True)
    conditions = [_FILTERS[name](value) for name, value in given.items()]
    if "q" in filters.model_fields_set:
        conditions.append(search_filter(filters.q, Category.name))
    return conditions


def sort_keys() -> dict[str, SortKey]:
    """Return the columns that the list may be sorted by."""
    return {
        "name": SortKey(Category.name, str),
        "created_at": SortKey(Category.created_at, dt.datetime),
    }
