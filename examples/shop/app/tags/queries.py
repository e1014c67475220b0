"""Statements about tags: what is read."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from app.pagination import SEARCH, ListStatement, SortKey, search_filter
from app.tags.models import Tag


@cache
def select_tags() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads all that a tag shows; built once, as all that need only parameters."""
    return sa.select(
        Tag.id,
        Tag.name,
        Tag.created_at,
        Tag.updated_at,
        Tag.version,
    )


@cache
def insert_tag() -> sa.Insert:
    """Return the statement that stores a tag."""
    return sa.insert(Tag)


@cache
def select_tag_by_id() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that reads the tag `:id`."""
    return select_tags().where(Tag.id == sa.bindparam("id"))


@cache
def listing() -> ListStatement:
    """Return what the list shows, and how it can be narrowed and sorted."""
    return ListStatement(
        select_tags(),
        keys={
            "name": SortKey(Tag.name, str),
        },
        tie=Tag.id,
        filters={
            SEARCH: search_filter(
                Tag.name,
            ),
        },
    )
