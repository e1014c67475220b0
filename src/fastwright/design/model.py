"""The `Design`: what is wanted, and nothing about files.

Every reader (YAML, shorthand) produces these frozen values; every template consumes them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Immutable, hashable data that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldType(StrEnum):
    """The types a field may have. Money is `decimal`, never float; `datetime` is always aware."""

    STR = "str"
    TEXT = "text"
    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    DATETIME = "datetime"
    UUID = "uuid"
    ENUM = "enum"
    JSON = "json"
    EMAIL = "email"
    URL = "url"
    FILE = "file"


class Field(Frozen):
    """One column. Length bounds count characters; `minimum` and `maximum` are inclusive. A file is never required.

    `since` and `until` name the first and the last version of the API that knows the field, where not all do.
    """

    name: str
    type: FieldType
    required: bool = True
    unique: bool = False
    default: bool | int | Decimal | str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    precision: int | None = None
    scale: int | None = None
    values: tuple[str, ...] = ()
    content_types: tuple[str, ...] = ()
    max_bytes: int | None = None
    since: int | None = None
    until: int | None = None
    description: str = ""


class Relation(Frozen):
    """A reference to another resource (or to `User`, which every design has).

    `to_one` is a foreign key on this side (the other side of it is one-to-many);
    `many_to_many` is an association table, written through this side.
    """

    name: str
    kind: Literal["to_one", "many_to_many"]
    target: str
    required: bool = True
    unique: bool = False
    description: str = ""


class Access(Frozen):
    """Who may do one thing: anybody, any logged-in user, the row's owner, or the holders of a role.

    With `owner`, `roles` names who may do it to everybody's rows; with `role`, who may do it at all.
    """

    level: Literal["public", "authenticated", "owner", "role"]
    roles: tuple[str, ...] = ()


class AccessRules(Frozen):
    """One `Access` for each of the five actions that a resource has."""

    list: Access
    read: Access
    create: Access
    update: Access
    delete: Access


class ListOptions(Frozen):
    """What the list endpoint allows: only the declared fields can be filtered, sorted or searched."""

    filter: tuple[str, ...] = ()
    sort: tuple[str, ...] = ("created_at",)
    search: tuple[str, ...] = ()
    default_sort: str = "-created_at"
    page_size: int = 20
    max_page_size: int = 100


class KeptColumn(Frozen):
    """A column that was there before; `type` is told where the usual column of such a field would be another one."""

    name: str
    type: Literal["", "naive", "jsonb", "number", "native"] = ""
    native: str = ""


class Kept(Frozen):
    """The table that a resource had before there was this backend. It stays as it is; what is missing is added to it.

    `columns` are those that were there, by the field, relation or automatic column that they are here. `joins` has the
    table of each relation to many, with its column for this side and that for the other.
    """

    table: str
    key: str = "id"
    key_type: Literal["uuid", "int", "bigint"] = "int"
    columns: tuple[tuple[str, KeptColumn], ...] = ()
    joins: tuple[tuple[str, tuple[str, str, str]], ...] = ()


class Resource(Frozen):
    """A thing with its own table, domain package and endpoints.

    `owner` names the to-one relation to `User` that says whose row it is: it is set from the caller and never accepted
    in a body. `id`, `created_at`, `updated_at` and `version` are always there and are not listed in `fields`.
    With `soft_delete` a row that is deleted stays in its table, marked, and can be restored.
    """

    name: str
    plural: str
    description: str = ""
    fields: tuple[Field, ...] = ()
    relations: tuple[Relation, ...] = ()
    owner: str | None = None
    access: AccessRules
    list: ListOptions = ListOptions()
    soft_delete: bool = False
    kept: Kept | None = None


class Option(StrEnum):
    """What a backend has only if it is asked for; see `docs/design.md`."""

    HTTP_CLIENT = "http-client"
    OIDC = "oidc"
    ADMIN = "admin"


class Versions(Frozen):
    """How many versions the API has (v1, or v1 and v2), and from when on v1 is deprecated and gone."""

    count: int = 1
    deprecated: date | None = None
    sunset: date | None = None


class Design(Frozen):
    """The whole backend. `roles` are the roles besides plain users; `admin` is always among them.

    `accounts` is the table of the users, where a database that is kept has a table `users` already.
    """

    name: str
    description: str = ""
    roles: tuple[str, ...] = ("admin",)
    options: tuple[Option, ...] = ()
    resources: tuple[Resource, ...] = ()
    accounts: str = "users"
    versions: Versions = Versions()

    @property
    def has_kept(self) -> bool:
        """Whether some tables were there before."""
        return any(resource.kept for resource in self.resources)
