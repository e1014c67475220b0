"""Statements about users."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Update, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningUpdate

from app.auth.roles import Role
from app.database import utc_now
from app.users.models import User


def select_users() -> Select[UUID, str, str, Role, bool, datetime | None, datetime, datetime, int]:
    """Select what `UserRead` shows."""
    return select(
        User.id,
        User.email,
        User.display_name,
        User.role,
        User.is_active,
        User.email_verified_at,
        User.created_at,
        User.updated_at,
        User.version,
    )


def contact_of(user_id: UUID) -> Select[str, str, str]:
    """Select the password hash, the address and the name of a user."""
    return select(User.password_hash, User.email, User.display_name).where(User.id == user_id)


def write_unverified(
    dialect: str, *, email: str, password_hash: str, display_name: str
) -> postgresql.Insert | sqlite.Insert:
    """Insert an account, or overwrite the one that has the address but never verified it; leave any other alone.

    One statement, because a check before the insert would let two registrations at once both pass (CWE-367).
    """
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {"password_hash": password_hash, "display_name": display_name}
    return (
        insert(User)
        .values(email=email, version=1, **values)
        .on_conflict_do_update(
            index_elements=[User.email],
            set_={**values, "updated_at": utc_now(), "version": User.version + 1},
            where=User.email_verified_at.is_(None) & User.is_active,
        )
    )


def verify_address(user_id: UUID, now: datetime) -> Update:
    """Note that the address is the user's; the first time counts."""
    verified_at = func.coalesce(User.email_verified_at, now)
    return update(User).where(User.id == user_id).values(email_verified_at=verified_at, version=User.version + 1)


def replace_password(user_id: UUID, password_hash: str) -> Update:
    """Store a new password hash."""
    return update(User).where(User.id == user_id).values(password_hash=password_hash, version=User.version + 1)


def lock_active_admins() -> ReturningUpdate[UUID]:
    """Hold every active administrator until the end of the transaction, and tell who they are.

    An UPDATE that changes nothing locks on PostgreSQL and on SQLite alike (SQLite has no SELECT … FOR UPDATE), and it
    looks again at rows that it had to wait for. Of two administrators who demote each other one finds nobody left.
    """
    return (
        update(User)
        .where(User.role == Role.ADMIN, User.is_active)
        .values(version=User.version, updated_at=User.updated_at)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
