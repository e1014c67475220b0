"""What happens to accounts after they exist."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.roles import Role
from app.auth.sessions import end_logins
from app.cache import Cache
from app.database import Database
from app.errors import Conflict, NotFound
from app.etag import require_match
from app.pagination import SEARCH, ListStatement, Page, SortKey, paginate, search_filter
from app.users.models import User
from app.users.queries import lock_active_admins, select_users
from app.users.schemas import ProfileUpdate, UserListParams, UserRead, UserUpdate

USERS = ListStatement(
    select_users(),
    keys={"created_at": SortKey(User.created_at, datetime), "email": SortKey(User.email, str)},
    tie=User.id,
    filters={
        "role": User.role == bindparam("role"),
        "is_active": User.is_active == bindparam("is_active"),
        SEARCH: search_filter(User.email, User.display_name),
    },
)


async def get_user(session: AsyncSession, user_id: UUID) -> User:
    """Return a user, or raise `NotFound`."""
    user = await session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


async def list_users(database: Database, params: UserListParams) -> Page[UserRead]:
    """Return a page of users."""
    async with database.read() as connection:
        found = await paginate(connection, USERS, params=params, sort=params.sort)
    return found.page([UserRead.model_validate(row) for row in found.rows])


async def update_profile(
    session: AsyncSession, user_id: UUID, changes: ProfileUpdate, if_match: str | None
) -> User:
    """Apply what users change about themselves."""
    user = await get_user(session, user_id)
    require_match(if_match, user.version)
    return await _apply(session, user, changes.model_dump(exclude_unset=True))


async def update_user(
    session: AsyncSession, cache: Cache, user_id: UUID, changes: UserUpdate, if_match: str | None
) -> User:
    """Apply what an administrator changes; logins end when the role changes or the account is closed.

    So a decision takes effect at once, and not when a token expires (ASVS 7.4.2, 8.3.2).
    """
    user = await get_user(session, user_id)
    require_match(if_match, user.version)
    was_admin = user.role is Role.ADMIN and user.is_active
    before = (user.role, user.is_active)
    values = changes.model_dump(exclude_unset=True)
    if was_admin and not (values.get("role", user.role) is Role.ADMIN and values.get("is_active", True)):
        await _require_another_admin(session, user_id)
    await _apply(session, user, values)
    if (user.role, user.is_active) != before:
        await end_logins(session, cache, user_id)
    return user


async def _apply(session: AsyncSession, user: User, values: dict[str, Any]) -> User:
    for name, value in values.items():
        setattr(user, name, value)
    await session.flush()
    return user


async def _require_another_admin(session: AsyncSession, user_id: UUID) -> None:
    """Keep the backend from losing its last administrator."""
    admins = await session.scalars(lock_active_admins())
    if set(admins) <= {user_id}:
        raise Conflict("this is the last active administrator")
