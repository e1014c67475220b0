"""The design as it was written: what both readers produce, each word with its place, and nothing yet resolved.

A field is complete here, as it needs nothing but itself; relations, access and list options name other parts of the
design and become values in `build.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fastwright.design.model import Field, Kept, Versions
from fastwright.design.source import Word

ACTIONS = ("list", "read", "create", "update", "delete")
RelationKind = Literal["to_one", "many_to_many", "one_to_many"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldDraft:
    """A field, and where its name stands."""

    name: Word
    field: Field


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationDraft:
    """A relation as seen from the resource that declares it."""

    name: Word
    target: Word
    kind: RelationKind
    required: bool = True
    unique: bool = False
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListDraft:
    """The list options that were given; `None` is "not given"."""

    filter: tuple[Word, ...] | None = None
    sort: tuple[Word, ...] | None = None
    search: tuple[Word, ...] | None = None
    default_sort: Word | None = None
    page_size: Word | None = None
    max_page_size: Word | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceDraft:
    """A resource as written; `access` has the words for each action that was given."""

    name: Word
    plural: Word | None = None
    description: str = ""
    fields: tuple[FieldDraft, ...] = ()
    relations: tuple[RelationDraft, ...] = ()
    owner: Word | None = None
    access: Mapping[str, tuple[Word, ...]] = field(default_factory=dict[str, tuple[Word, ...]])
    list: ListDraft = ListDraft()
    soft_delete: Word | None = None
    kept: Kept | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DesignDraft:
    """A whole design as written."""

    name: Word
    description: str = ""
    roles: tuple[Word, ...] = ()
    options: tuple[Word, ...] = ()
    resources: tuple[ResourceDraft, ...] = ()
    accounts: Word | None = None
    versions: Versions | None = None
