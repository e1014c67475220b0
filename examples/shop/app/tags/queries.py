"""Statements about tags: what is read."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from app.pagination import SortKey, search_filter
from app.tags.models import Tag
from app.tags.schemas import TagFilters


@cache
def select_tags() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads all that a tag shows; built once."""
    return sa.select(
        Tag.id,
        Tag.name,
        Tag.created_at,
        Tag.updated_at,
        Tag.version,
    )


def matching(filters: TagFilters) -> list[sa.ColumnElement[bool]]:
    """Return one condition for each filter that was given."""
    conditions = []
    if "q" in filters.model_fields_set:
        conditions.append(search_filter(filters.q, Tag.name))
    return conditions


def sort_keys() -> dict[str, SortKey]:
    """Return the columns that the list may be sorted by."""
    return {
        "name": SortKey(Tag.name, str),
    }
