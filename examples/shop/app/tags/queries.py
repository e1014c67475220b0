"""Statements about tags: what is read."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from app.pagination import SEARCH, ListStatement, SortKey, search_filter
from app.reference_columns import insert_shown
from app.tags.models import Tag


@cache
def select_tags() -> sa.Select[*tuple[Any, ...]]:
    """Return what reads all that a tag shows: built once, since only parameters differ."""
    return sa.select(
        Tag.id,
        Tag.name,
        Tag.created_at,
        Tag.updated_at,
        Tag.version,
    )


@cache
def insert_tag() -> ReturningInsert[*tuple[Any, ...]]:
    """Return the statement that stores a tag and reads it as it is shown."""
    return insert_shown(Tag, select_tags())


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
