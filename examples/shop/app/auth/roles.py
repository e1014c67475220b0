"""Roles, and what each of them permits.

Endpoints name a permission and never a role: who may do what is decided in this file alone (ASVS 8.1.1).
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """The one role that a user has."""

    USER = "user"
    ADMIN = "admin"
    EDITOR = "editor"


class Permission(StrEnum):
    """What can be permitted. Those that end in `-any` reach everybody's rows, where others reach their own."""

    USERS_MANAGE = "users:manage"
    CATEGORIES_CREATE = "categories:create"
    CATEGORIES_UPDATE = "categories:update"
    CATEGORIES_DELETE = "categories:delete"
    PRODUCTS_DELETE_ANY = "products:delete-any"
    POSTS_CREATE = "posts:create"
    POSTS_UPDATE_ANY = "posts:update-any"
    POSTS_DELETE = "posts:delete"
    TAGS_CREATE = "tags:create"
    TAGS_UPDATE = "tags:update"
    TAGS_DELETE = "tags:delete"
    ORDERS_READ_ANY = "orders:read-any"
    ORDERS_UPDATE_ANY = "orders:update-any"
    ORDERS_DELETE = "orders:delete"


ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.USER: frozenset(),
    Role.ADMIN: frozenset(Permission),
    Role.EDITOR: frozenset(
        {
            Permission.POSTS_CREATE,
            Permission.POSTS_DELETE,
            Permission.TAGS_CREATE,
            Permission.TAGS_UPDATE,
        }
    ),
}
