"""The caller of a request, and the short memory of who that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.auth import queries
from app.auth.roles import ROLE_PERMISSIONS, Permission, Role
from app.auth.tokens import AccessClaims
from app.cache import Cache
from app.database import Database, utc_now
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling, through which login, and what they may do."""

    user_id: UUID
    login_id: UUID
    role: Role
    permissions: frozenset[Permission]

    def can(self, permission: Permission) -> bool:
        """Tell whether the caller's role has `permission`."""
        return permission in self.permissions


async def find_principal(
    database: Database, cache: Cache, settings: Settings, claims: AccessClaims
) -> Principal | None:
    """Return the caller whom a valid token names, unless the login or the account has ended since (ASVS 7.4.1, 7.4.2).

    What the database says is remembered for `principal_cache_seconds`: for so long, and no longer, may a process that
    was not told go on accepting a login that was ended in another.
    """
    key = _key(claims.login_id)
    role = await cache.get(key) if settings.principal_cache_seconds else None
    if role is None:
        names = {"user_id": claims.user_id, "login_id": claims.login_id, "now": utc_now()}
        found = await database.fetch(queries.caller(), **names)
        if not found:
            return None
        [[role]] = found
        if settings.principal_cache_seconds:
            await cache.set(key, role, ttl=settings.principal_cache_seconds)
    return Principal(claims.user_id, claims.login_id, Role(role), ROLE_PERMISSIONS[Role(role)])


async def forget_principals(cache: Cache, login_ids: Iterable[UUID]) -> None:
    """Make the next request of each of these logins ask the database again."""
    await cache.delete(*(_key(login_id) for login_id in login_ids))


def _key(login_id: UUID) -> str:
    return f"principal:{login_id}"
